namespace Peregrine.Execution.Caching;

/// <summary>Which results to drop: those that all given conditions hold for. Immutable.</summary>
public sealed record CacheSelection
{
    /// <summary>All.</summary>
    public static CacheSelection Everything { get; } = new();

    /// <summary>Those of the tool of this name, or of the resource of this URI; null for any.</summary>
    public string? Name { get; init; }

    /// <summary>Those that depend on this tag; null for any.</summary>
    public string? Tag { get; init; }

    /// <summary>Those of tools whose name, and resources whose URI, begins so; null for any.</summary>
    public string? Prefix { get; init; }

    internal bool Matches(string label, string[] tags) =>
        (Name is null || Name == label)
        && (Prefix is null || label.StartsWith(Prefix, StringComparison.Ordinal))
        && (Tag is null || Array.IndexOf(tags, Tag) >= 0);
}
