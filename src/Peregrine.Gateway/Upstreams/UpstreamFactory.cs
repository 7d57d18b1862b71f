using Microsoft.Extensions.Logging;
using Peregrine.Gateway.Configuration;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Processes;

namespace Peregrine.Gateway.Upstreams;

/// <summary>Makes upstreams from their configuration.</summary>
internal static class UpstreamFactory
{
    internal static Upstream Create(UpstreamConfiguration configuration, GatewayParts parts) => configuration switch
    {
        StdioUpstreamConfiguration stdio => new ConnectedUpstream(stdio, _ => new ValueTask<McpConnection>(StartProcess(stdio, parts)),
            string.Join(' ', [stdio.Command, .. stdio.Arguments]), parts),
        _ => throw new ArgumentException($"No transport for {configuration.GetType().Name}.", nameof(configuration)),
    };

    private static ProcessConnection StartProcess(StdioUpstreamConfiguration stdio, GatewayParts parts) => ProcessConnection.Start(new ProcessConnectionOptions
    {
        Command = stdio.Command,
        Arguments = stdio.Arguments,
        WorkingDirectory = stdio.WorkingDirectory,
        Environment = stdio.Environment.ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value),
        Connection = new DuplexConnectionOptions
        {
            TimeProvider = parts.Time,
            Scheduler = parts.Scheduler,
            Logger = parts.Loggers.CreateLogger("Peregrine.Gateway.Upstreams." + stdio.Name),
        },
    });
}
