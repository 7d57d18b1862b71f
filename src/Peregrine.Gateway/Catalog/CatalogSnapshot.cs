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

    /// <summary>What results of the stateless era have behind a list.</summary>
    internal required byte[] StatelessSuffix { get; init; }

    /// <summary>The key of the look-up tables.</summary>
    internal required ulong Key { get; init; }

    /// <summary>A part of it.</summary>
    internal CatalogSnapshot Where(Func<CatalogItem, OfferKind, bool> has) => new()
    {
        Number = Number,
        Dropped = Dropped,
        StatelessSuffix = StatelessSuffix,
        Key = Key,
        Tools = Filter(OfferKind.Tool, has),
        Prompts = Filter(OfferKind.Prompt, has),
        Resources = Filter(OfferKind.Resource, has),
        ResourceTemplates = Filter(OfferKind.ResourceTemplate, has),
    };

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

    private CatalogList Filter(OfferKind kind, Func<CatalogItem, OfferKind, bool> has) => new(kind, [.. this[kind].Items.Where(item => has(item, kind))], StatelessSuffix, Key);
}
