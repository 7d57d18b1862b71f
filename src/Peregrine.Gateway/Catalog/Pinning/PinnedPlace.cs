using System.Collections.Immutable;

namespace Peregrine.Gateway.Catalog.Pinning;

/// <summary>
/// One place of a server, held against the server's pinned definitions: what it lists, and what of that is not as pinned. Changed under the turn of its <see cref="ToolPins"/> alone; what is read here may be read by
/// anybody.
/// </summary>
/// <param name="pins">The server's definitions.</param>
/// <param name="name">What the place is called among several; null where the server is in one place.</param>
internal sealed class PinnedPlace(ToolPins pins, string? name)
{
    private volatile ToolChange[] _changes = [];
    private volatile string[]? _withheld;

    /// <summary>Fires when other tools are withheld than before. Under the turn of the pins: must not wait for them.</summary>
    internal event Action? WithheldChanged;

    /// <summary>The definitions that it is held against.</summary>
    internal ToolPins Pins => pins;

    /// <summary>What it is called among several; null where the server is in one place.</summary>
    internal string? Name => name;

    /// <summary>What it has listed last; default before.</summary>
    internal ImmutableArray<UpstreamItem> Seen { get; set; }

    /// <summary>What is not as pinned: in the order in which it lists its tools, those that it does not have last.</summary>
    internal ToolChange[] Changes
    {
        get => _changes;
        set
        {
            var before = _withheld ?? [];
            string[] withheld = [.. value.Where(static change => change.IsWithheld).Select(static change => change.Tool)];
            _changes = value;
            _withheld = withheld.Length == 0 ? null : withheld;
            if (!before.SequenceEqual(withheld))
            {
                WithheldChanged?.Invoke();
            }
        }
    }

    /// <summary>What it lists without what is withheld.</summary>
    internal ImmutableArray<UpstreamItem> Offered => _withheld is { } withheld ? [.. Seen.Where(tool => !withheld.Contains(tool.Key))] : Seen;

    /// <summary>Holds what the place lists against the pinned definitions.</summary>
    /// <param name="tools">What it lists.</param>
    /// <param name="cancellationToken">Stops reading or writing the pins.</param>
    /// <returns>The tools that may be offered.</returns>
    internal ValueTask<ImmutableArray<UpstreamItem>> JudgeAsync(ImmutableArray<UpstreamItem> tools, CancellationToken cancellationToken) => pins.JudgeAsync(this, tools, cancellationToken);

    /// <summary>True where a tool of this name is withheld here.</summary>
    internal bool Withholds(string tool) => _withheld is { } withheld && withheld.Contains(tool);
}
