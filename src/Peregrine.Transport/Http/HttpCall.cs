using Microsoft.Extensions.Logging;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.ServerSentEvents;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <summary>One request and the messages that come back for it: its reply, and before it, on an event stream, notifications and requests of the server.</summary>
internal sealed class HttpCall(HttpConnection connection, MessageCounters counters, IncomingRequests incoming, ILogger logger, int maxMessageLength, long id, in SendOptions options)
{
    private readonly NotificationCallback? _onProgress = options.OnProgress;
    private readonly NotificationCallback? _onNotification = options.OnNotification;
    private readonly RequestCallback? _onRequest = options.OnRequest;
    private readonly bool _isForwarded = options.IsForwarded;
    private HttpRequestLimits? _limits;
    private McpReply? _reply;

    /// <summary>The id of the last event, by which a broken stream is taken up again; empty where the server numbers none.</summary>
    internal string LastEventId { get; private set; } = "";

    /// <summary>How long the server asks to wait before that; 1 s where it does not say.</summary>
    internal TimeSpan RetryDelay { get; private set; } = TimeSpan.FromSeconds(1);

    /// <summary>True where the server has ended the stream that was read last, in order and ahead of the reply; false where it broke.</summary>
    internal bool WasEnded { get; set; }

    /// <summary>Lets progress move the end of the wait.</summary>
    internal void MoveWithProgress(HttpRequestLimits limits) => _limits = limits;

    /// <summary>Takes up the stream of an earlier call where that one has left it.</summary>
    internal void ResumeFrom(HttpCall earlier)
    {
        LastEventId = earlier.LastEventId;
        RetryDelay = earlier.RetryDelay;
    }

    /// <summary>True once any event has come since the last look; looking clears it.</summary>
    internal bool TakeHeard()
    {
        var heard = Heard;
        Heard = false;
        return heard;
    }

    private bool Heard { get; set; }

    /// <summary>True where the reply has come and was not taken.</summary>
    internal bool HasReply => _reply is not null;

    /// <summary>The reply, once it has come; the caller's to dispose.</summary>
    internal McpReply? TakeReply()
    {
        var reply = _reply;
        _reply = null;
        return reply;
    }

    /// <summary>Takes the whole body of a JSON reply.</summary>
    /// <param name="body">The body, rented; owned by the call or its reply from now on.</param>
    /// <param name="length">How much of it is filled.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <returns>False where the body holds no reply to this request.</returns>
    internal bool TakeJson(byte[] body, int length, int statusCode)
    {
        var message = body.AsSpan(0, length);
        if (EnvelopeReader.TryRead(message, out var envelope) && IsReply(message, envelope))
        {
            _reply = ReplyBuffer.Adopt(body, length, envelope, statusCode);
            return true;
        }

        Take(message, envelope, statusCode);
        PooledArrays.Return(body);
        return _reply is not null;
    }

    /// <summary>Takes the body of a failed request, if it is a JSON-RPC error. Its id may be null or missing: it answers this request all the same.</summary>
    internal bool TakeError(byte[] body, int length, int statusCode)
    {
        var message = body.AsSpan(0, length);
        var valid = EnvelopeReader.TryRead(message, out var envelope);
        if (!envelope.Error.IsPresent || (!valid && envelope.Fault != EnvelopeError.InvalidId) || envelope.MethodName.IsPresent)
        {
            return false;
        }

        _reply = ReplyBuffer.Adopt(body, length, envelope, statusCode);
        return true;
    }

    /// <summary>Takes bytes of the event stream. Stops at the reply.</summary>
    internal void TakeEvents(SseParser parser, ReadOnlySpan<byte> bytes, int statusCode)
    {
        while (_reply is null && parser.TryRead(ref bytes, out var sseEvent))
        {
            Heard = true;

            // An event without data only sets the id (2025-11-25 opens every stream with one).
            if (!sseEvent.Data.IsEmpty && sseEvent.Type.SequenceEqual("message"u8))
            {
                EnvelopeReader.TryRead(sseEvent.Data, out var envelope);
                Take(sseEvent.Data, envelope, statusCode);
            }
        }

        // Also an event that is not given out, for it has no data, may set both: 2025-11-25 opens every stream with one.
        if (!parser.LastEventId.IsEmpty)
        {
            LastEventId = System.Text.Encoding.UTF8.GetString(parser.LastEventId);
        }

        if (parser.ReconnectionMilliseconds >= 0)
        {
            RetryDelay = TimeSpan.FromMilliseconds(Math.Min(parser.ReconnectionMilliseconds, 60_000));
        }

        if (parser.TakeOversized())
        {
            counters.Oversized(maxMessageLength);
        }
    }

    private void Take(ReadOnlySpan<byte> message, in Envelope envelope, int statusCode)
    {
        switch (envelope.Kind)
        {
            case MessageKind.Response or MessageKind.Error when IsReply(message, envelope) && _reply is null:
                _reply = ReplyBuffer.Create(message, envelope, statusCode);
                break;
            case MessageKind.Response or MessageKind.Error:
                counters.Unmatched();
                break;
            case MessageKind.Notification:
                TakeNotification(message, envelope);
                break;
            case MessageKind.Request when connection.Version.Era() == ProtocolEra.Session:
                incoming.Take(message, envelope, _onRequest);
                break;
            case MessageKind.Request:
                counters.UnexpectedRequest();
                break;
            default:
                TakeFaulty(message, envelope, statusCode);
                break;
        }
    }

    private void TakeFaulty(ReadOnlySpan<byte> message, in Envelope envelope, int statusCode)
    {
        if (envelope.Fault == EnvelopeError.Batch)
        {
            MessageBatch.ForEach(message, (Call: this, statusCode), static (state, element) =>
            {
                EnvelopeReader.TryRead(element, out var inner);
                state.Call.Take(element, inner, state.statusCode);
            });
        }
        else
        {
            counters.Malformed(envelope.Fault);
        }
    }

    private bool IsReply(ReadOnlySpan<byte> message, in Envelope envelope) =>
        envelope.Kind is MessageKind.Response or MessageKind.Error
        && (_isForwarded || (JsonText.TryGetInt64(envelope.Id.Of(message), out var of) && of == id));

    private void TakeNotification(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        try
        {
            var notification = new IncomingNotification(message, envelope);
            if (envelope.Method == McpMethod.NotificationsProgress
                && (_onProgress is not null || _limits is { Moves: true })
                && JsonText.TryGetInt64(envelope.NotifiedProgressToken.Of(message), out var token)
                && token == id)
            {
                _limits?.Move();
                _onProgress?.Invoke(notification);
                return;
            }

            if (envelope.Method == McpMethod.NotificationsCancelled)
            {
                incoming.Cancel(envelope.RequestId.Of(message));
            }

            if (_onNotification is not null)
            {
                _onNotification(notification);
            }
            else
            {
                connection.Handler?.OnNotification(notification);
            }
        }
        catch (Exception exception)
        {
            ConnectionLog.HandlerFailed(logger, exception, connection.Peer);
        }
    }
}
