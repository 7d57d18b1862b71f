using System.Collections.Immutable;

namespace Peregrine.Gateway.Configuration;

/// <summary>An MCP server reached over Streamable HTTP.</summary>
public sealed record HttpUpstreamConfiguration : UpstreamConfiguration
{
    /// <summary>Its MCP endpoint, http or https.</summary>
    public required Uri Url { get; init; }

    /// <summary>Headers sent with every request, such as <c>Authorization</c>.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    private protected override void ValidateOwn(ICollection<string> faults, string name)
    {
        // Not its text: what an address holds may be secret.
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https"))
        {
            faults.Add($"{name}.{nameof(Url)} must be an absolute http or https URL.");
        }
    }
}
