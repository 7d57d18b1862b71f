namespace Peregrine.Server.Tools;

/// <summary>How long a tool's calls take, as its author sees it: what limits and deadlines that are set per tier go by.</summary>
public enum McpToolTier
{
    /// <summary>Neither of the others.</summary>
    Normal,

    /// <summary>Answers from memory, in microseconds to a few milliseconds.</summary>
    Fast,

    /// <summary>Takes seconds or longer, or holds much memory or other means while it runs.</summary>
    Slow,
}
