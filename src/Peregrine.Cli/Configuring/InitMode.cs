namespace Peregrine.Cli.Configuring;

/// <summary>What `peregrine init` does with the change that it has shown.</summary>
internal enum InitMode
{
    /// <summary>Asks whether to write it.</summary>
    Ask,

    /// <summary>Writes it.</summary>
    Write,

    /// <summary>Leaves it at that.</summary>
    Print,
}
