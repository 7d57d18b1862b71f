using System.Collections.Immutable;
using Peregrine.Execution.Resilience;

namespace Peregrine.Gateway.Configuration;

/// <summary>An MCP server reached over Streamable HTTP.</summary>
public sealed record HttpUpstreamConfiguration : UpstreamConfiguration
{
    /// <summary>Its MCP endpoint, http or https.</summary>
    public required Uri Url { get; init; }

    /// <summary>Headers sent with every request, such as <c>Authorization</c>.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// For how long a call over <c>http</c> polls for its reply before its thread waits, where one caller, one call at a time, has the gateway to itself. Zero for never, to 1 ms. A server that takes longer is soon
    /// not polled any more.
    /// </summary>
    /// <value>25 microseconds.</value>
    public TimeSpan ReplyPolling { get; init; } = TimeSpan.FromMicroseconds(25);

    private protected override void ValidateOwn(ICollection<string> faults, string name)
    {
        OptionRange.Check(faults, ReplyPolling, TimeSpan.Zero, TimeSpan.FromMilliseconds(1), $"{name}.{nameof(ReplyPolling)}");

        // Not its text: what an address holds may be secret.
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https"))
        {
            faults.Add($"{name}.{nameof(Url)} must be an absolute http or https URL.");
        }
    }
}
