using System.Collections.Immutable;

namespace Peregrine.Gateway.Catalog;

/// <summary>What an upstream offers at one time. Immutable.</summary>
internal sealed record UpstreamOffer
{
    /// <summary>Nothing.</summary>
    internal static UpstreamOffer Empty { get; } = new();

    internal ImmutableArray<UpstreamItem> Tools { get; init; } = [];

    internal ImmutableArray<UpstreamItem> Prompts { get; init; } = [];

    internal ImmutableArray<UpstreamItem> Resources { get; init; } = [];

    internal ImmutableArray<UpstreamItem> ResourceTemplates { get; init; } = [];

    /// <summary>What there is of a kind.</summary>
    internal ImmutableArray<UpstreamItem> this[OfferKind kind] => kind switch
    {
        OfferKind.Tool => Tools,
        OfferKind.Prompt => Prompts,
        OfferKind.Resource => Resources,
        _ => ResourceTemplates,
    };

    /// <summary>True where both offer the same, to the byte.</summary>
    internal bool IsSameAs(UpstreamOffer other) => Array.TrueForAll(OfferKinds.All, kind => this[kind].Length == other[kind].Length
        && this[kind].Zip(other[kind]).All(static pair => pair.First.Key == pair.Second.Key && pair.First.Members.Span.SequenceEqual(pair.Second.Members.Span)));

    /// <summary>The same with other items of one kind.</summary>
    internal UpstreamOffer With(OfferKind kind, ImmutableArray<UpstreamItem> items) => kind switch
    {
        OfferKind.Tool => this with { Tools = items },
        OfferKind.Prompt => this with { Prompts = items },
        OfferKind.Resource => this with { Resources = items },
        _ => this with { ResourceTemplates = items },
    };
}
