using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Peregrine.Client.Contracts;
using Peregrine.Gateway.State;

namespace Peregrine.Gateway.Catalog.Pinning;

/// <summary>
/// The definitions of one server's tools as they were when they were first seen or last accepted, and what is not so any more. A change that is proved to be harmless is taken over; any other waits for a
/// person. A server that is in several places has one set of definitions for all of them: a place whose tools are others is found out, be it changed later or other from the start. Thread-safe.
/// </summary>
/// <param name="server">The server's name.</param>
/// <param name="target">What the server is: pins are good for no other.</param>
/// <param name="refuses">True where a changed tool is withheld.</param>
/// <param name="state">Where definitions are kept; null for nowhere.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Takes log messages.</param>
#pragma warning disable CA1001 // A semaphore whose handle nobody asks for holds nothing that has to be given back.
internal sealed class ToolPins(string server, string target, bool refuses, IStateFolder? state, TimeProvider time, ILogger logger)
#pragma warning restore CA1001
{
    // What a server says of itself goes into the log, and may be long.
    private const int MaxLogged = 500;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, UpstreamItem> _pinned = new(StringComparer.Ordinal);
    private readonly List<PinnedPlace> _places = [];
    private volatile ToolChange[] _changes = [];
    private bool _isLoaded;

    /// <summary>What has changed and was not accepted; what is the same at several places is one.</summary>
    internal IReadOnlyList<ToolChange> Changes => _changes;

    /// <summary>Adds a place of the server. All are added before the first is judged.</summary>
    /// <param name="name">What it is called among several; null where it is the only one.</param>
    internal PinnedPlace Add(string? name = null)
    {
        var place = new PinnedPlace(this, name);
        _places.Add(place);
        return place;
    }

    /// <summary>Compares what a place lists with what is pinned.</summary>
    /// <param name="place">The place.</param>
    /// <param name="tools">What it lists.</param>
    /// <param name="cancellationToken">Stops reading or writing the pins.</param>
    /// <returns>The tools that may be offered.</returns>
    internal async ValueTask<ImmutableArray<UpstreamItem>> JudgeAsync(PinnedPlace place, ImmutableArray<UpstreamItem> tools, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_isLoaded)
            {
                await LoadAsync(cancellationToken).ConfigureAwait(false);
            }

            place.Seen = tools;
            if (Judge(place))
            {
                JudgeAll();
                await SaveAsync(cancellationToken).ConfigureAwait(false);
            }

            _changes = Summarize();
            return place.Offered;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Accepts a change, or all. Where places differ, the first of them that is not as pinned says what is accepted, and those that are not so are the changed ones from then on.</summary>
    /// <param name="tool">The tool, by its own name; null for all.</param>
    /// <param name="cancellationToken">Stops writing the pins.</param>
    /// <returns>How many tools were accepted; what each place may offer is in <see cref="PinnedPlace.Offered"/>.</returns>
    internal async ValueTask<int> AcceptAsync(string? tool, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var accepted = _changes.Where(change => (tool is null || change.Tool == tool) && IsAcceptable(change)).DistinctBy(static change => change.Tool).ToArray();
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
                JudgeAll();
                _changes = Summarize();
                await SaveAsync(cancellationToken).ConfigureAwait(false);
            }

            return accepted.Length;
        }
        finally
        {
            _turn.Release();
        }
    }

    // A tool that one place does not have is gone only where none has it.
    private bool IsAcceptable(ToolChange change) => change.Definition is not null || _places.TrueForAll(place => place.Seen.IsDefault || place.Seen.All(tool => tool.Key != change.Tool));

    // What is pinned now may be other than what the places were held against.
    private void JudgeAll()
    {
        foreach (var place in _places.Where(static place => !place.Seen.IsDefault))
        {
            Judge(place);
        }
    }

    // True where pins have changed.
    private bool Judge(PinnedPlace place)
    {
        var isFirst = _pinned.Count == 0;
        var isChanged = false;
        List<ToolChange> changes = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var tool in place.Seen)
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
                isChanged |= Take(place, tool, found, changes);
            }
        }

        foreach (var gone in _pinned.Keys.Where(name => !names.Contains(name)).Order(StringComparer.Ordinal))
        {
            changes.Add(Note(place, gone, ContractVerdict.Breaking, [new ContractChange(gone, "tool", ContractVerdict.Breaking, place.Name is null ? "the tool is gone" : "the tool is not there", [])], null));
        }

        place.Changes = [.. changes];
        return isChanged;
    }

    // True where it was pinned again.
    private bool Take(PinnedPlace place, UpstreamItem tool, ImmutableArray<ContractChange> found, List<ToolChange> changes)
    {
        var verdict = found.Max(static change => change.Verdict);
        if (verdict <= ContractVerdict.Compatible)
        {
            _pinned[tool.Key] = tool;
            PinLog.PinnedAgain(logger, server, tool.Key, Shorten(string.Join("; ", found.Select(static change => change.Message))));
            return true;
        }

        changes.Add(Note(place, tool.Key, verdict, found, tool));
        return false;
    }

    // A server that is connected again says the same again, and one that was upgraded says it at every place: that is no news.
    private ToolChange Note(PinnedPlace place, string tool, ContractVerdict verdict, ImmutableArray<ContractChange> found, UpstreamItem? definition)
    {
        if (Array.Find(place.Changes, change => change.IsSameAs(tool, definition)) is { } own)
        {
            return own with { Verdict = verdict, Changes = found };
        }

        var change = new ToolChange(tool, verdict, found, refuses && definition is not null, time.GetUtcNow(), definition) { Places = place.Name is { } name ? [name] : [] };
        if (!_places.Exists(other => Array.Exists(other.Changes, known => known.IsSameAs(tool, definition))))
        {
            Report(change);
        }

        return change;
    }

    private ToolChange[] Summarize()
    {
        List<ToolChange> all = [];
        foreach (var change in _places.SelectMany(static place => place.Changes))
        {
            var same = all.FindIndex(known => known.IsSameAs(change.Tool, change.Definition));
            if (same < 0)
            {
                all.Add(change);
            }
            else
            {
                all[same] = all[same] with { Places = [.. all[same].Places, .. change.Places] };
            }
        }

        return [.. all];
    }

    private void Report(ToolChange change)
    {
        if (change.IsWithheld)
        {
            PinLog.Withheld(logger, server, change.Tool, change.Verdict, Shorten(change.Describe()));
        }
        else
        {
            PinLog.Changed(logger, server, change.Tool, change.Verdict, Shorten(change.Describe()));
        }
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
