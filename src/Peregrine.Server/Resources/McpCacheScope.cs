namespace Peregrine.Server.Resources;

/// <summary>For whom a result may be kept (2026-07-28, caching).</summary>
public enum McpCacheScope
{
    /// <summary>For the caller alone: another authorization may get another answer.</summary>
    Private,

    /// <summary>For everybody.</summary>
    Public,
}
