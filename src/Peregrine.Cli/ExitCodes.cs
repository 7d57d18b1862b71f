namespace Peregrine.Cli;

/// <summary>What the tool's exit codes mean.</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    internal const int Fine = 0;

    /// <summary>The checked thing failed: a call answered with an error, a budget was passed.</summary>
    internal const int Failed = 1;

    /// <summary>The command or a file it names is wrong.</summary>
    internal const int BadUsage = 2;

    /// <summary>The target could not be reached.</summary>
    internal const int NotReached = 3;
}
