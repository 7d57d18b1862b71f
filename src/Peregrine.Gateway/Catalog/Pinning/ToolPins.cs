using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Peregrine.Client.Contracts;
using Peregrine.Gateway.State;

namespace Peregrine.Gateway.Catalog.Pinning;

/// <summary>
/// The definitions of one server's tools as they were when they were first seen or last accepted, and what has changed since. A change that is proved to be harmless is taken over; any other waits for a
/// person. Judging and accepting: one at a time. <see cref="Changes"/> may be read by anybody.
/// </summary>
internal sealed class ToolPins(string server, string target, bool refuses, IStateFolder? state, TimeProvider time, ILogger logger)
{
    // What a server says of itself goes into the log, and may be long.
    private const int MaxLogged = 500;

    private readonly Dictionary<string, UpstreamItem> _pinned = new(StringComparer.Ordinal);
    private ImmutableArray<UpstreamItem> _seen = [];
    private volatile ToolChange[] _changes = [];
    private bool _isLoaded;

    /// <summary>What has changed and was not accepted: in the order in which the server lists its tools, those that are gone last.</summary>
    internal IReadOnlyList<ToolChange> Changes => _changes;

    /// <summary>Compares what a server lists with what is pinned.</summary>
    /// <param name="tools">What it lists.</param>
    /// <param name="cancellationToken">Stops reading or writing the pins.</param>
    /// <returns>The tools that may be offered.</returns>
    internal async ValueTask<ImmutableArray<UpstreamItem>> JudgeAsync(ImmutableArray<UpstreamItem> tools, CancellationToken cancellationToken)
    {
        if (!_isLoaded)
        {
            await LoadAsync(cancellationToken).ConfigureAwait(false);
        }

        _seen = tools;
        if (Judge())
        {
            await SaveAsync(cancellationToken).ConfigureAwait(false);
        }

        return Offered();
    }

    /// <summary>Accepts a change, or all.</summary>
    /// <param name="tool">The tool, by its own name; null for all.</param>
    /// <param name="cancellationToken">Stops writing the pins.</param>
    /// <returns>How many changes were accepted, and the tools that may be offered now.</returns>
    internal async ValueTask<(int Accepted, ImmutableArray<UpstreamItem> Offered)> AcceptAsync(string? tool, CancellationToken cancellationToken)
    {
        var accepted = _changes.Where(change => tool is null || change.Tool == tool).ToArray();
        foreach (var change in accepted)
        {
            if (change.Definition is { } definition)
            {
                _pinned[change.Tool] = definition;
            }
            else
            {
                _pinned.Remove(change.Tool);
            }

            PinLog.Accepted(logger, server, change.Tool);
        }

        if (accepted.Length > 0)
        {
            _changes = [.. _changes.Except(accepted)];
            await SaveAsync(cancellationToken).ConfigureAwait(false);
        }

        return (accepted.Length, Offered());
    }

    // True where pins have changed.
    private bool Judge()
    {
        var isFirst = _pinned.Count == 0;
        var isChanged = false;
        List<ToolChange> changes = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var tool in _seen)
        {
            if (!names.Add(tool.Key))
            {
                // The catalog offers the first of two that have one name.
                continue;
            }

            if (!_pinned.TryGetValue(tool.Key, out var pinned))
            {
                _pinned.Add(tool.Key, tool);
                isChanged = true;
                if (!isFirst)
                {
                    PinLog.New(logger, server, tool.Key);
                }
            }
            else if (ToolJudge.Compare(pinned, tool) is { IsEmpty: false } found)
            {
                isChanged |= Take(tool, found, changes);
            }
        }

        foreach (var gone in _pinned.Keys.Where(name => !names.Contains(name)).Order(StringComparer.Ordinal))
        {
            changes.Add(Known(gone, null) ?? Report(new ToolChange(gone, ContractVerdict.Breaking, [new ContractChange(gone, "tool", ContractVerdict.Breaking, "the tool is gone", [])],
                IsWithheld: false, time.GetUtcNow(), null)));
        }

        _changes = [.. changes];
        return isChanged;
    }

    // True where it was pinned again.
    private bool Take(UpstreamItem tool, ImmutableArray<ContractChange> found, List<ToolChange> changes)
    {
        var verdict = found.Max(static change => change.Verdict);
        if (verdict <= ContractVerdict.Compatible)
        {
            _pinned[tool.Key] = tool;
            PinLog.PinnedAgain(logger, server, tool.Key, Shorten(string.Join("; ", found.Select(static change => change.Message))));
            return true;
        }

        changes.Add(Known(tool.Key, tool) ?? Report(new ToolChange(tool.Key, verdict, found, refuses, time.GetUtcNow(), tool)));
        return false;
    }

    // A server that is connected again says the same again: that is no news.
    private ToolChange? Known(string name, UpstreamItem? definition) => Array.Find(_changes, change => change.Tool == name
        && (definition is null ? change.Definition is null : change.Definition?.Members.Span.SequenceEqual(definition.Members.Span) == true));

    private ToolChange Report(ToolChange change)
    {
        if (change.IsWithheld)
        {
            PinLog.Withheld(logger, server, change.Tool, change.Verdict, Shorten(change.Describe()));
        }
        else
        {
            PinLog.Changed(logger, server, change.Tool, change.Verdict, Shorten(change.Describe()));
        }

        return change;
    }

    private ImmutableArray<UpstreamItem> Offered()
    {
        var withheld = _changes.Where(static change => change.IsWithheld).Select(static change => change.Tool).ToHashSet(StringComparer.Ordinal);
        return withheld.Count == 0 ? _seen : [.. _seen.Where(tool => !withheld.Contains(tool.Key))];
    }

    private async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        if (state is not null && await state.ReadAsync(PinnedTools.EntryOf(server), cancellationToken).ConfigureAwait(false) is { } content)
        {
            var pinned = PinnedTools.Read(target, content, out var isDamaged);
            foreach (var tool in pinned)
            {
                _pinned.TryAdd(tool.Key, tool);
            }

            if (isDamaged)
            {
                PinLog.Damaged(logger, server);
            }
        }

        _isLoaded = true;
    }

    private async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        if (state is not null && !await state.WriteAsync(PinnedTools.EntryOf(server), PinnedTools.Write(target, _pinned.Values), cancellationToken).ConfigureAwait(false))
        {
            PinLog.NotWritten(logger, server);
        }
    }

    private static string Shorten(string text) => text.Length <= MaxLogged ? text : string.Concat(text.AsSpan(0, MaxLogged), "…");
}
