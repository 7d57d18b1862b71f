using System.Collections.Immutable;
using Peregrine.Execution.Resilience;
using Peregrine.Gateway.Policies;

namespace Peregrine.Gateway.Configuration;

/// <summary>What a gateway serves and how. Immutable.</summary>
public sealed record GatewayConfiguration
{
    /// <summary>Where the gateway listens where nothing else is said.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8808";

    /// <summary>The name under which the gateway introduces itself to clients.</summary>
    /// <value>peregrine</value>
    public string Name { get; init; } = "peregrine";

    /// <summary>Where to listen.</summary>
    /// <value><see cref="DefaultUrl"/></value>
    public ImmutableArray<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>How long clients of the stateless era may keep lists (<c>ttlMs</c>). Zero or more.</summary>
    /// <value>60 seconds.</value>
    public TimeSpan ListTimeToLive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many calls may be in flight through the gateway at once, 1 or more; beyond it calls are refused with error 4001.</summary>
    /// <value>10,000.</value>
    public int MaxConcurrentCalls { get; init; } = 10_000;

    /// <summary>The MCP servers behind the gateway, in the order in which their tools are listed.</summary>
    public ImmutableArray<UpstreamConfiguration> Upstreams { get; init; } = [];

    /// <summary>Parts of it that are served at paths of their own.</summary>
    public ImmutableArray<VirtualServerConfiguration> VirtualServers { get; init; } = [];

    /// <summary>What holds for calls on their way to the servers.</summary>
    /// <value>Nothing.</value>
    public PolicyConfiguration Policies { get; init; } = PolicyConfiguration.None;

    /// <summary>What the admin API asks for; null where it answers on loopback only, and asks for nothing there.</summary>
    public AdminKey? AdminKey { get; init; }

    /// <summary>True where single calls are recorded from the start, and slow ones logged.</summary>
    public bool RecordCalls { get; init; }

    /// <summary>From how long on a call is logged as slow, where calls are recorded. More than zero.</summary>
    /// <value>1 second.</value>
    public TimeSpan SlowCall { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where traces and metrics go by OTLP over HTTP; null where the environment (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>) says so, or nowhere. Who hosts the gateway sends them.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Every fault of this configuration, in words; empty where it is valid. One that was read from a file is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(Name))
        {
            faults.Add($"{nameof(Name)} is empty.");
        }

        OptionRange.Check(faults, ListTimeToLive, TimeSpan.Zero, TimeSpan.FromDays(1), nameof(ListTimeToLive));
        OptionRange.Check(faults, MaxConcurrentCalls, 1, 1_000_000, nameof(MaxConcurrentCalls));
        OptionRange.Check(faults, SlowCall, TimeSpan.FromTicks(1), TimeSpan.FromDays(1), nameof(SlowCall));
        foreach (var upstream in Upstreams)
        {
            upstream.Validate(faults, $"{nameof(Upstreams)}[{upstream.Name}]");
        }

        faults.AddRange(Repeated(Upstreams.Select(static upstream => upstream.Name)).Select(static name => $"{nameof(Upstreams)} has several servers named \"{name}\"."));
        foreach (var part in VirtualServers)
        {
            if (part.Name.Length == 0 || !PrefixRules.IsValid(part.Name))
            {
                faults.Add($"{nameof(VirtualServers)} has one named \"{part.Name}\": the last part of a path has 1 to {PrefixRules.MaxLength} characters of A-Z, a-z, 0-9, _, - and .");
            }
        }

        faults.AddRange(Repeated(VirtualServers.Select(static part => part.Name)).Select(static name => $"{nameof(VirtualServers)} has several named \"{name}\"."));
        return [.. faults, .. Policies.Validate()];
    }

    internal static IEnumerable<string> Repeated(IEnumerable<string> names) => names.GroupBy(static name => name, StringComparer.Ordinal).Where(static group => group.Count() > 1).Select(static group => group.Key);
}
