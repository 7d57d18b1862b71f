namespace Peregrine.Client.Subscriptions;

/// <summary>What a client wants to be told about.</summary>
public sealed record SubscriptionRequest
{
    /// <summary>Whether to be told when the list of tools changes. Default false.</summary>
    public bool Tools { get; init; }

    /// <summary>Whether to be told when the list of prompts changes. Default false.</summary>
    public bool Prompts { get; init; }

    /// <summary>Whether to be told when the list of resources changes. Default false.</summary>
    public bool Resources { get; init; }

    /// <summary>The URIs of the resources whose content is watched. Default: none.</summary>
    public IReadOnlyList<string> ResourceUris { get; init; } = [];

    /// <summary>Takes the changes, one at a time and in order, on the connection's reader: return soon, block never. What it throws is logged and goes nowhere else.</summary>
    public required Action<ServerChange> OnChange { get; init; }

    /// <summary>Throws where the request is not valid.</summary>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(OnChange);
        if (!Tools && !Prompts && !Resources && ResourceUris.Count == 0)
        {
            throw new ArgumentException("A subscription to nothing: set Tools, Prompts, Resources or ResourceUris.");
        }

        if (ResourceUris.Any(static uri => string.IsNullOrEmpty(uri)))
        {
            throw new ArgumentException("ResourceUris has an empty URI.");
        }
    }
}
