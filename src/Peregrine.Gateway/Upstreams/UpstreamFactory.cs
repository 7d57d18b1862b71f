using Microsoft.Extensions.Logging;
using Peregrine.Client;
using Peregrine.Gateway.Balancing;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.State;
using Peregrine.Transport.Http;

namespace Peregrine.Gateway.Upstreams;

/// <summary>Makes upstreams from their configuration.</summary>
internal static class UpstreamFactory
{
    private static readonly byte[] Capabilities = "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{},\"roots\":{}}"u8.ToArray();

    internal static Upstream Create(UpstreamConfiguration configuration, GatewayParts parts) => configuration.Members.IsEmpty
        ? CreateConnected(configuration, parts, isMember: false)
        : new BalancedUpstream(
            configuration,
            [
                (configuration.Name, configuration.Balancing.Weight, CreateConnected(configuration, parts, isMember: true)),
                .. configuration.Members.Select(member => (member.Name, member.Weight, CreateConnected(member.Server, parts, isMember: true))),
            ],
            parts);

    private static ConnectedUpstream CreateConnected(UpstreamConfiguration configuration, GatewayParts parts, bool isMember)
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
            TimeProvider = parts.Time,
            Scheduler = parts.Scheduler,
            Logger = parts.Loggers.CreateLogger("Peregrine.Gateway.Upstreams." + configuration.Name),
        };
        return configuration switch
        {
            StdioUpstreamConfiguration stdio => CreateStdio(stdio, options, parts, isMember),
            HttpUpstreamConfiguration http => CreateHttp(http, options, parts, isMember),
            _ => throw new ArgumentException($"No transport for {configuration.GetType().Name}.", nameof(configuration)),
        };
    }

    private static ConnectedUpstream CreateStdio(StdioUpstreamConfiguration stdio, PeregrineClientOptions common, GatewayParts parts, bool isMember)
    {
        var environment = stdio.Environment.ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value);
        if (parts.Mark is { } mark)
        {
            environment[GatewayMark.Variable] = mark;
        }

        var options = common with { WorkingDirectory = stdio.WorkingDirectory, Environment = environment };

        // Arguments may hold tokens, and the page shows the target to whoever opens it: the program alone must do.
        return new ConnectedUpstream(stdio, options,
            (settings, cancellationToken) => PeregrineClient.ConnectStdioAsync(stdio.Command, stdio.Arguments, settings, cancellationToken), stdio.Command, parts) { IsMember = isMember };
    }

    private static ConnectedUpstream CreateHttp(HttpUpstreamConfiguration http, PeregrineClientOptions common, GatewayParts parts, bool isMember) => new(
        http,
        common with { Headers = [.. http.Headers], Pool = new HttpPoolOptions { UsesOwnSockets = true } },
        (settings, cancellationToken) => PeregrineClient.ConnectAsync(http.Url, settings, cancellationToken),
        $"{http.Url.Scheme}://{http.Url.Authority}{http.Url.AbsolutePath}",
        parts)
    {
        IsMember = isMember,
    };
}
