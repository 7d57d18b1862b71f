using System.Text;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Generators.Tests.Serving;

/// <summary>A front of one message: keeps notifications in a list.</summary>
internal class TestExchange : McpExchange
{
    private readonly List<string> _notifications = [];

    /// <param name="message">The message.</param>
    /// <param name="version">The revision under which it is answered.</param>
    /// <param name="body">What is handed on in its place, of the same length: for bodies that the scan of the message would refuse.</param>
    internal TestExchange(string message, ProtocolVersion version, string? body = null)
    {
        Assert.True(EnvelopeReader.TryRead(Encoding.UTF8.GetBytes(message), out var envelope), message);
        Load(Encoding.UTF8.GetBytes(body ?? message), envelope);
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
