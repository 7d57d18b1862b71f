using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Upstreams;
using Peregrine.Server.Registry;
using Peregrine.Server.Resources.Templates;

namespace Peregrine.Gateway.Catalog;

/// <summary>
/// Merges what the upstreams offer into one list of each kind: in the order of the configuration, then in that of each upstream. Readers take <see cref="Current"/>
/// without a lock; it is replaced as a whole.
/// </summary>
internal sealed class GatewayCatalog
{
    private const int MaxNameLength = 128;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    private readonly Lock _gate = new();
    private readonly UpstreamSet _upstreams;
    private readonly ulong _key = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(8));
    private readonly ListEndings _endings;
    private volatile CatalogSnapshot _current;
    private int _built;

    internal GatewayCatalog(UpstreamSet upstreams, ServerIdentity identity, TimeSpan timeToLive)
    {
        _upstreams = upstreams;
        _endings = new ListEndings(identity, timeToLive);
        _current = Build();
    }

    /// <summary>Called after a change, in order, with the lists that differ from before.</summary>
    internal event Action<RegistryChange>? Changed;

    internal CatalogSnapshot Current => _current;

    /// <summary>The parts that have a path of their own; set once, before anything is read.</summary>
    internal IReadOnlyList<CatalogView> Views { get; set; } = [];

    /// <summary>Merges anew, after what an upstream offers has changed.</summary>
    /// <param name="told">Lists that an upstream says have changed: clients are told so, too, for a list may be made for each who asks.</param>
    internal void Rebuild(RegistryChange told)
    {
        lock (_gate)
        {
            var old = _current;
            _current = Build();
            foreach (var view in Views)
            {
                view.Update(_current, told);
            }

            if ((_current.DifferenceFrom(old) | told) is var change and not RegistryChange.None)
            {
                Changed?.Invoke(change);
            }
        }
    }

    private CatalogSnapshot Build()
    {
        var missing = FindMissing();
        var ending = _endings.For(missing);
        List<string> dropped = [];
        return new CatalogSnapshot
        {
            Number = ++_built,
            Withheld = FindWithheld(dropped),
            Tools = Merge(OfferKind.Tool, dropped, ending),
            Prompts = Merge(OfferKind.Prompt, dropped, ending),
            Resources = Merge(OfferKind.Resource, dropped, ending),
            ResourceTemplates = Merge(OfferKind.ResourceTemplate, dropped, ending),
            Dropped = [.. dropped],
            Missing = missing,
            Endings = _endings,
            Key = _key,
        };
    }

    private ImmutableArray<MissingServer> FindMissing()
    {
        List<MissingServer> missing = [];
        foreach (var upstream in _upstreams.Span)
        {
            if (!upstream.HasGathered)
            {
                // What went wrong may quote the server's standard error, which is for the operator.
                var reason = upstream.State == UpstreamState.Starting ? "it has not answered yet" : "it could not be reached; it is tried again";
                missing.Add(new MissingServer(upstream.Name, upstream.Offer == UpstreamOffer.Empty ? reason : reason + "; listed is what it offered last"));
            }
        }

        return [.. missing];
    }

    private FrozenSet<string> FindWithheld(List<string> dropped)
    {
        List<string> withheld = [];
        foreach (var upstream in _upstreams.Span)
        {
            foreach (var change in upstream.ToolChanges)
            {
                // Where only some places of the server have changed it, the others offer it.
                if (change.IsWithheld && upstream.Offer.Tools.All(tool => tool.Key != change.Tool) && upstream.Names.NameOf(OfferKind.Tool, change.Tool) is { } fullName)
                {
                    withheld.Add(fullName);
                    dropped.Add($"{upstream.Name}: the tool \"{ConfigNode.Shorten(fullName)}\" is withheld until its change is accepted: {ConfigNode.Shorten(change.Describe())}");
                }
            }
        }

        return withheld.ToFrozenSet(StringComparer.Ordinal);
    }

    private CatalogList Merge(OfferKind kind, List<string> dropped, ListEnding ending)
    {
        List<CatalogItem> items = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var upstream in _upstreams.Span)
        {
            foreach (var item in upstream.Offer[kind])
            {
                if (upstream.Names.NameOf(kind, item.Key) is not { } fullName)
                {
                    continue;
                }

                if (Refuse(kind, fullName) is { } reason)
                {
                    dropped.Add($"{upstream.Name}: {reason}");
                }
                else if (!names.Add(fullName))
                {
                    dropped.Add($"{upstream.Name}: another {kind.Noun()} is named \"{ConfigNode.Shorten(fullName)}\" already");
                }
                else
                {
                    items.Add(new CatalogItem(fullName, item, upstream) { Template = TemplateOf(kind, item) });
                }
            }
        }

        return new CatalogList(kind, items, ending, _key);
    }

    // MCP recommends the characters for tools and leaves prompts free (2026-07-28, tool names).
    private static string? Refuse(OfferKind kind, string fullName) => kind switch
    {
        OfferKind.Tool when fullName.Length is 0 or > MaxNameLength || fullName.AsSpan().ContainsAnyExcept(NameCharacters) =>
            $"the name \"{ConfigNode.Shorten(fullName)}\" is not 1 to {MaxNameLength} characters of A-Z, a-z, 0-9, _, - and .",
        _ when fullName.Length == 0 => $"a {kind.Noun()} has an empty name",
        _ => null,
    };

    private static UriTemplate? TemplateOf(OfferKind kind, UpstreamItem item) =>
        kind == OfferKind.ResourceTemplate && UriTemplate.TryParse(item.Key, out var template, out _) ? template : null;
}
