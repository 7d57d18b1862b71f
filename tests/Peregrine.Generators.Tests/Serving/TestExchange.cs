using System.Text;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Generators.Tests.Serving;

/// <summary>A front of one message: keeps notifications in a list.</summary>
internal sealed class TestExchange : McpExchange
{
    private readonly List<string> _notifications = [];

    internal TestExchange(string message, ProtocolVersion version)
    {
        Assert.True(EnvelopeReader.TryRead(Encoding.UTF8.GetBytes(message), out var envelope), message);
        Load(Encoding.UTF8.GetBytes(message), envelope);
        SetVersion(version);
    }

    internal IReadOnlyList<string> Notifications => _notifications;

    public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default)
    {
        lock (_notifications)
        {
            _notifications.Add(Encoding.UTF8.GetString(notification));
        }

        return default;
    }
}
