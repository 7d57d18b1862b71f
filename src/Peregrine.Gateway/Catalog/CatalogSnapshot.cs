using System.Collections.Frozen;
using System.Collections.Immutable;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Catalog;

/// <summary>What the gateway offers at one time. Immutable.</summary>
internal sealed class CatalogSnapshot
{
    /// <summary>Counts the snapshots of a gateway, so that a reader can tell whether it has seen this one.</summary>
    internal required int Number { get; init; }

    internal required CatalogList Tools { get; init; }

    internal required CatalogList Prompts { get; init; }

    internal required CatalogList Resources { get; init; }

    internal required CatalogList ResourceTemplates { get; init; }

    /// <summary>What is not offered, and why.</summary>
    internal required ImmutableArray<string> Dropped { get; init; }

    internal CatalogList this[OfferKind kind] => kind switch
    {
        OfferKind.Tool => Tools,
        OfferKind.Prompt => Prompts,
        OfferKind.Resource => Resources,
        _ => ResourceTemplates,
    };

    /// <summary>Servers whose own answer is not in the lists.</summary>
    internal required ImmutableArray<MissingServer> Missing { get; init; }

    /// <summary>Tools that are not offered until a change of theirs is accepted, by the names that clients use.</summary>
    internal required FrozenSet<string> Withheld { get; init; }

    /// <summary>Makes what results have behind a list.</summary>
    internal required ListEndings Endings { get; init; }

    /// <summary>The key of the look-up tables.</summary>
    internal required ulong Key { get; init; }

    /// <summary>A part of it.</summary>
    /// <param name="has">Says what it has.</param>
    /// <param name="hasServer">Says of which servers it may have something.</param>
    internal CatalogSnapshot Where(Func<CatalogItem, OfferKind, bool> has, Func<string, bool> hasServer)
    {
        ImmutableArray<MissingServer> missing = [.. Missing.Where(one => hasServer(one.Server))];
        var ending = Endings.For(missing);
        return new CatalogSnapshot
        {
            Number = Number,
            Dropped = Dropped,
            Missing = missing,
            Withheld = Withheld,
            Endings = Endings,
            Key = Key,
            Tools = Filter(OfferKind.Tool, has, ending),
            Prompts = Filter(OfferKind.Prompt, has, ending),
            Resources = Filter(OfferKind.Resource, has, ending),
            ResourceTemplates = Filter(OfferKind.ResourceTemplate, has, ending),
        };
    }

    /// <summary>What can answer for a URI: a resource that is listed, else a template that matches.</summary>
    internal CatalogItem? FindResource(ReadOnlySpan<byte> uri)
    {
        if (Resources.Find(uri) is { } listed)
        {
            return listed;
        }

        foreach (var template in ResourceTemplates.Items)
        {
            if (template.Template?.TryMatch(uri, out _) == true)
            {
                return template;
            }
        }

        return null;
    }

    /// <summary>Which lists differ from those of <paramref name="old"/>.</summary>
    internal RegistryChange DifferenceFrom(CatalogSnapshot old) =>
        (Tools.ListsTheSameAs(old.Tools) ? RegistryChange.None : RegistryChange.Tools)
        | (Prompts.ListsTheSameAs(old.Prompts) ? RegistryChange.None : RegistryChange.Prompts)
        | (Resources.ListsTheSameAs(old.Resources) && ResourceTemplates.ListsTheSameAs(old.ResourceTemplates) ? RegistryChange.None : RegistryChange.Resources);

    private CatalogList Filter(OfferKind kind, Func<CatalogItem, OfferKind, bool> has, ListEnding ending) => new(kind, [.. this[kind].Items.Where(item => has(item, kind))], ending, Key);
}
