using Microsoft.Extensions.Logging;
using Peregrine.Client;
using Peregrine.Gateway.Balancing;
using Peregrine.Gateway.Catalog.Pinning;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.State;
using Peregrine.Transport.Http;

namespace Peregrine.Gateway.Upstreams;

/// <summary>Makes upstreams from their configuration.</summary>
internal static class UpstreamFactory
{
    private static readonly byte[] Capabilities = "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{},\"roots\":{}}"u8.ToArray();

    internal static Upstream Create(UpstreamConfiguration configuration, GatewayParts parts)
    {
        // One set of definitions for all places of a server: that they are alike is what balancing takes for granted.
        var pins = configuration.Pinning == PinningMode.Off
            ? null
            : new ToolPins(configuration.Name, TargetOf(configuration), configuration.Pinning == PinningMode.Refuse, parts.State, parts.Time, parts.Loggers.CreateLogger("Peregrine.Gateway.Catalog"));
        if (configuration.Members.IsEmpty)
        {
            return CreateConnected(configuration, parts, isMember: false, pins?.Add(), OfferCopy.EntryOf(configuration.Name));
        }

        return new BalancedUpstream(
            configuration,
            [
                (configuration.Name, configuration.Balancing.Weight, CreateConnected(configuration, parts, isMember: true, pins?.Add(configuration.Name), OfferCopy.EntryOf(configuration.Name))),
                .. configuration.Members.Select(member => (member.Name, member.Weight, CreateMember(configuration.Name, member, parts, pins))),
            ],
            parts);
    }

    private static ConnectedUpstream CreateMember(string server, UpstreamMember member, GatewayParts parts, ToolPins? pins) =>
        CreateConnected(member.Server with { Name = $"{server}/{member.Name}" }, parts, isMember: true, pins?.Add(member.Name), OfferCopy.EntryOf(server, member.Name));

    // Arguments may hold tokens, and addresses credentials, and the page shows the target to whoever opens it: program, host and path must do.
    private static string TargetOf(UpstreamConfiguration configuration) => configuration switch
    {
        StdioUpstreamConfiguration stdio => stdio.Command,
        HttpUpstreamConfiguration { Url: var url } => $"{url.Scheme}://{url.Authority}{url.AbsolutePath}",
        _ => throw new ArgumentException($"No transport for {configuration.GetType().Name}.", nameof(configuration)),
    };

    private static ConnectedUpstream CreateConnected(UpstreamConfiguration configuration, GatewayParts parts, bool isMember, PinnedPlace? pins, string copyEntry)
    {
        var options = new PeregrineClientOptions
        {
            Name = parts.Conversation.Name,
            Era = configuration.Era,

            // Questions are passed on to the client whose call they belong to; whether that one can answer shows when they come.
            Capabilities = Capabilities,
            Version = parts.Conversation.Version,
            ConnectTimeout = configuration.StartTimeout,
            RequestTimeout = configuration.StartTimeout,
            Reconnect = false,

            // Lists are read when the server says that they have changed, or may have: a copy of an answer would be none.
            Cache = null,
            TimeProvider = parts.Time,
            Scheduler = parts.Scheduler,
            Logger = parts.Loggers.CreateLogger("Peregrine.Gateway.Upstreams." + configuration.Name),
        };
        var (settings, connect) = configuration switch
        {
            StdioUpstreamConfiguration stdio => OverStdio(stdio, options, parts),
            HttpUpstreamConfiguration http => OverHttp(http, options),
            _ => throw new ArgumentException($"No transport for {configuration.GetType().Name}.", nameof(configuration)),
        };
        return new ConnectedUpstream(configuration, settings, connect, TargetOf(configuration), parts) { IsMember = isMember, Pins = pins, CopyEntry = copyEntry };
    }

    private static (PeregrineClientOptions Options, Func<PeregrineClientOptions, CancellationToken, ValueTask<PeregrineClient>> Connect) OverStdio(
        StdioUpstreamConfiguration stdio, PeregrineClientOptions common, GatewayParts parts)
    {
        var environment = stdio.Environment.ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value);
        if (parts.Mark is { } mark)
        {
            environment[GatewayMark.Variable] = mark;
        }

        return (common with { WorkingDirectory = stdio.WorkingDirectory, Environment = environment },
            (settings, cancellationToken) => PeregrineClient.ConnectStdioAsync(stdio.Command, stdio.Arguments, settings, cancellationToken));
    }

    private static (PeregrineClientOptions Options, Func<PeregrineClientOptions, CancellationToken, ValueTask<PeregrineClient>> Connect) OverHttp(
        HttpUpstreamConfiguration http, PeregrineClientOptions common) =>
        (common with { Headers = [.. http.Headers], Pool = new HttpPoolOptions { UsesOwnSockets = true, ReplyPolling = http.ReplyPolling } },
            (settings, cancellationToken) => PeregrineClient.ConnectAsync(http.Url, settings, cancellationToken));
}
