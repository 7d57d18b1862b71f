namespace Peregrine.Server.Tools;

/// <summary>What became of a call whose outcome was lost.</summary>
public enum McpReconciliationOutcome
{
    /// <summary>Nobody can tell: the caller is told so, and nothing runs again.</summary>
    Unknown,

    /// <summary>It had no effect, and will have none: it may run.</summary>
    DidNotHappen,

    /// <summary>It happened: its result stands for that of the call.</summary>
    Happened,
}
