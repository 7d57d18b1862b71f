namespace Peregrine.Server.Resources.Files;

/// <summary>Which files of a folder are resources, and how they are read. Immutable; change it with <c>with</c>. Validated when the server is built.</summary>
public sealed record McpFilesOptions
{
    /// <summary>The defaults.</summary>
    public static McpFilesOptions Default { get; } = new();

    /// <summary>What the URIs of the files begin with; the path below the folder follows. An absolute URI that ends with a slash.</summary>
    /// <value><c>files:///</c>.</value>
    public string UriPrefix { get; init; } = "files:///";

    /// <summary>The name of the family in <c>resources/templates/list</c>.</summary>
    public string Name { get; init; } = "files";

    /// <summary>A name of the family for people, or null.</summary>
    public string? Title { get; init; }

    /// <summary>What the files are, for the model, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Only files whose names end so, such as <c>.md</c>, in whatever case; empty for all.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>True to serve also what begins with a dot, and what lies in folders that do. Such are often secrets: <c>.env</c>, <c>.git</c>.</summary>
    /// <value>False.</value>
    public bool IncludeHidden { get; init; }

    /// <summary>
    /// True to follow symbolic links whose target lies in the folder too. A target outside is refused in any case, and so is every link where this is false. Linux only.
    /// </summary>
    /// <value>False.</value>
    public bool FollowLinksInside { get; init; }

    /// <summary>The longest file that is served, in bytes; a longer one is refused with error 4003. 1 to 1 TiB.</summary>
    /// <value>1 GiB.</value>
    public long MaxFileBytes { get; init; } = 1L << 30;

    /// <summary>
    /// The longest file that is served over a connection that carries other replies too (stdio, in memory), in bytes: there a reply is one line, which holds up the others and lies in memory
    /// whole. A longer one is refused with error 4003. 1 to 64 MiB.
    /// </summary>
    /// <value>4 MiB.</value>
    public int MaxSharedBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long a client may keep what it reads (2026-07-28). Zero or more.</summary>
    /// <value>Zero: it must read again.</value>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>For whom what is read may be kept (2026-07-28).</summary>
    /// <value>Private.</value>
    public McpCacheScope CacheScope { get; init; }

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (!UriPrefix.EndsWith('/') || UriPrefix.IndexOf(':', StringComparison.Ordinal) < 1 || UriPrefix.Contains('{', StringComparison.Ordinal))
        {
            faults.Add($"{nameof(UriPrefix)} is \"{UriPrefix}\"; it must be an absolute URI that ends with a slash, such as \"files:///\".");
        }

        faults.AddRange(Extensions.Where(static extension => extension.Length < 2 || extension[0] != '.')
            .Select(static extension => $"{nameof(Extensions)} has \"{extension}\"; an extension begins with a dot, such as \".md\"."));
        if (MaxFileBytes is < 1 or > 1L << 40)
        {
            faults.Add($"{nameof(MaxFileBytes)} is {MaxFileBytes}; it must be from 1 to {1L << 40}.");
        }

        if (MaxSharedBytes is < 1 or > 64 * 1024 * 1024)
        {
            faults.Add($"{nameof(MaxSharedBytes)} is {MaxSharedBytes}; it must be from 1 to {64 * 1024 * 1024}.");
        }

        if (FollowLinksInside && !OperatingSystem.IsLinux())
        {
            faults.Add($"{nameof(FollowLinksInside)} works on Linux only: elsewhere it cannot be told which file was opened.");
        }

        return faults;
    }
}
