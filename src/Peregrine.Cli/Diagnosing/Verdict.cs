namespace Peregrine.Cli.Diagnosing;

/// <summary>What a check came to.</summary>
internal enum Verdict
{
    /// <summary>As the specification wants it.</summary>
    Pass,

    /// <summary>Against a MUST.</summary>
    Fail,

    /// <summary>Against a SHOULD.</summary>
    Warn,

    /// <summary>Not applicable to this server.</summary>
    Skip,
}
