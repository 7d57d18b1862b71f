using Peregrine.Client.Pipeline;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client.Connecting;

/// <summary>One opened conversation with the server: the connection and what was agreed on it. A client has one after the other.</summary>
internal sealed class Conversation
{
    private readonly ReadOnlyMemory<byte> _meta;
    private volatile bool _lost;

    internal Conversation(McpConnection connection, Agreement agreement, ClientIntroduction introduction)
    {
        Connection = connection;
        Agreement = agreement;
        IsHttp = connection is HttpConnection;
        _meta = agreement.Version.Era() == ProtocolEra.Stateless ? introduction.Meta : default;
    }

    internal McpConnection Connection { get; }

    internal Agreement Agreement { get; }

    internal ProtocolEra Era => Agreement.Version.Era();

    internal bool IsHttp { get; }

    /// <summary>True once no request can be answered on it any more: its connection has ended, or the server has forgotten its session.</summary>
    internal bool IsLost => _lost || Connection.Completion.IsCompleted;

    /// <summary>Declares it lost; the next request opens another.</summary>
    internal void MarkLost() => _lost = true;

    /// <summary>Takes note of a fault that means the end of the conversation. Gives false, so that it can stand in an exception filter.</summary>
    internal bool NoteFault(McpTransportException exception)
    {
        // Over HTTP a broken request says nothing about the next one; only a lost session does.
        if (exception.Fault == TransportFault.SessionLost || (!IsHttp && exception.Fault == TransportFault.ConnectionLost))
        {
            MarkLost();
        }

        return false;
    }

    /// <summary>One attempt of a request.</summary>
    internal ValueTask<McpReply> SendAsync(ClientRequest request, CancellationToken cancellationToken)
    {
        var options = new SendOptions
        {
            Timeout = request.Timeout,
            MaxTimeout = request.MaxTimeout,
            Meta = MetaOf(request),
            OnProgress = request.OnProgress,
            OnNotification = request.OnNotification,
            Name = request.Name,
        };
        return Connection.SendRequestAsync(request.MethodName, [request.Head, request.Arguments, request.Tail], options, cancellationToken);
    }

    private ReadOnlyMemory<byte> MetaOf(ClientRequest request) =>
        request.Meta.IsEmpty ? _meta
        : _meta.IsEmpty ? request.Meta
        : (byte[])[.. _meta.Span, (byte)',', .. request.Meta.Span];
}
