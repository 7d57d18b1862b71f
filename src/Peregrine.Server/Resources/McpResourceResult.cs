using Peregrine.Server.Resources.Files;

namespace Peregrine.Server.Resources;

/// <summary>What reading a resource gives: one or several contents, or the answer that there is no such resource. Immutable.</summary>
public sealed class McpResourceResult
{
    private McpResourceResult(IReadOnlyList<McpResourceContents> contents) => Contents = contents;

    /// <summary>There is no such resource: the caller gets the error that its revision has for that.</summary>
    public static McpResourceResult NotFound { get; } = new([]);

    /// <summary>The contents; empty where there is no such resource.</summary>
    public IReadOnlyList<McpResourceContents> Contents { get; }

    /// <summary>A file that is sent while it is read, instead of <see cref="Contents"/>.</summary>
    internal OpenFile? File { get; private init; }

    /// <summary>A result with these contents.</summary>
    /// <param name="contents">At least one; several where the address is one of a collection.</param>
    /// <exception cref="ArgumentException">There are none: use <see cref="NotFound"/>.</exception>
    public static McpResourceResult From(params IReadOnlyList<McpResourceContents> contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        if (contents.Count == 0 || contents.Contains(null!))
        {
            throw new ArgumentException("A result has contents; where there is no such resource, return McpResourceResult.NotFound.", nameof(contents));
        }

        return new McpResourceResult(contents);
    }

    internal static McpResourceResult From(OpenFile file) => new([]) { File = file };
}
