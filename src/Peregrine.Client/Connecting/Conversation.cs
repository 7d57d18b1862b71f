using Peregrine.Client.Logging;
using Peregrine.Client.Pipeline;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client.Connecting;

/// <summary>One opened conversation with the server: the connection and what was agreed on it. A client has one after the other.</summary>
internal sealed class Conversation
{
    private readonly ClientIntroduction _introduction;
    private volatile byte[] _meta;
    private volatile bool _lost;

    internal Conversation(McpConnection connection, Agreement agreement, ClientIntroduction introduction)
    {
        Connection = connection;
        Agreement = agreement;
        MirrorsHeaders = connection is HttpConnection && agreement.Version.Era() == ProtocolEra.Stateless;
        _introduction = introduction;
        _meta = agreement.Version.Era() == ProtocolEra.Stateless ? introduction.Meta : [];
    }

    internal McpConnection Connection { get; }

    internal Agreement Agreement { get; }

    internal ProtocolEra Era => Agreement.Version.Era();

    /// <summary>True where calls repeat annotated arguments in headers: over HTTP, in the stateless era.</summary>
    internal bool MirrorsHeaders { get; }

    /// <summary>The members of <c>_meta</c> that every request carries, raw, without braces; empty in the session era.</summary>
    internal ReadOnlyMemory<byte> Meta => _meta;

    /// <summary>True once no request can be answered on it any more: its connection has ended, or the server has forgotten its session.</summary>
    internal bool IsLost => _lost || Connection.Completion.IsCompleted;

    /// <summary>Declares it lost; the next request opens another.</summary>
    internal void MarkLost() => _lost = true;

    /// <summary>Takes note of a fault that means the end of the conversation. Gives false, so that it can stand in an exception filter.</summary>
    internal bool NoteFault(McpTransportException exception)
    {
        // Over HTTP a broken request says nothing about the next one; only a lost session does.
        if (exception.Fault == TransportFault.SessionLost || (exception.Fault == TransportFault.ConnectionLost && Connection is not HttpConnection))
        {
            MarkLost();
        }

        return false;
    }

    /// <summary>Asks for log messages from <paramref name="level"/> on in every request (stateless era).</summary>
    internal void SetLogLevel(ServerLogLevel level) => _meta = _introduction.MetaWith(level);

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
            Headers = MirrorsHeaders && request.Tool?.Headers is { } headers ? headers.Mirror(request.Arguments.Span) : null,
        };
        return Connection.SendRequestAsync(request.MethodName, [request.Head, request.Arguments, request.Tail], options, cancellationToken);
    }

    private ReadOnlyMemory<byte> MetaOf(ClientRequest request)
    {
        var meta = _meta;
        return request.Meta.IsEmpty ? meta
            : meta.Length == 0 ? request.Meta
            : (byte[])[.. meta, (byte)',', .. request.Meta.Span];
    }
}
