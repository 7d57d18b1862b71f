using Peregrine.Protocol.Framing;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;

namespace Peregrine.Transport.Connections;

/// <summary>Takes what arrives on a shared connection to where it belongs. Called by the connection's reader only.</summary>
internal sealed class MessageReceiver
{
    private readonly McpConnection _connection;
    private readonly PendingRequests _pending;
    private readonly IncomingRequests _incoming;
    private readonly MessageCounters _counters;
    private readonly DuplexConnectionOptions _options;

    internal MessageReceiver(
        McpConnection connection, PendingRequests pending, IncomingRequests incoming, MessageCounters counters, DuplexConnectionOptions options)
    {
        _connection = connection;
        _pending = pending;
        _incoming = incoming;
        _counters = counters;
        _options = options;
    }

    /// <summary>Takes all whole lines that the framer has.</summary>
    /// <param name="framer">Has them.</param>
    /// <param name="repliesOnly">True where nobody's code may be called: then it stops at the first message that is no reply.</param>
    /// <returns>False where it has stopped; the message is still the framer's.</returns>
    internal bool ReceiveLines(LineFramer framer, bool repliesOnly)
    {
        FrameResult result;
        while ((result = framer.TryRead(out var line)) != FrameResult.NeedMore)
        {
            if (result != FrameResult.Line)
            {
                _counters.Oversized(_options.MaxMessageLength);
            }
            else if (!TryReceiveLine(line, repliesOnly))
            {
                framer.PutBack();
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes one line: a message, a batch of them, or rubbish.</summary>
    internal void ReceiveLine(ReadOnlySpan<byte> line)
    {
        if (!line.IsEmpty)
        {
            _ = TryReceiveLine(line, repliesOnly: false);
        }
    }

    private bool TryReceiveLine(ReadOnlySpan<byte> line, bool repliesOnly)
    {
        if (EnvelopeReader.TryRead(line, out var envelope))
        {
            if (repliesOnly && envelope.Kind is not (MessageKind.Response or MessageKind.Error))
            {
                return false;
            }

            Receive(line, envelope);
        }
        else if (envelope.Fault == EnvelopeError.Batch)
        {
            if (repliesOnly)
            {
                return false;
            }

            MessageBatch.ForEach(line, this, static (self, message) => self.ReceiveLine(message));
        }
        else
        {
            ReceiveFaulty(line, envelope);
        }

        return true;
    }

    private void Receive(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        switch (envelope.Kind)
        {
            case MessageKind.Response or MessageKind.Error:
                if (JsonText.TryGetInt64(envelope.Id.Of(message), out var id) && _pending.TryRemove(id, out var entry))
                {
                    entry.Complete(ReplyBuffer.Create(message, envelope));
                }
                else
                {
                    _counters.Unmatched();
                }

                break;
            case MessageKind.Notification:
                ReceiveNotification(message, envelope);
                break;
            case MessageKind.Request when _connection.Version.Era() == ProtocolEra.Session:
                _incoming.Take(message, envelope);
                break;
            default:
                _counters.UnexpectedRequest();
                break;
        }
    }

    private void ReceiveNotification(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        try
        {
            var notification = new IncomingNotification(message, envelope);
            if (envelope.Method == McpMethod.NotificationsProgress
                && JsonText.TryGetInt64(envelope.NotifiedProgressToken.Of(message), out var token)
                && _pending.NoteProgress(token, out var onProgress))
            {
                onProgress?.Invoke(notification);
                return;
            }

            if (envelope.Method == McpMethod.NotificationsCancelled)
            {
                _incoming.Cancel(envelope.RequestId.Of(message));
            }

            _connection.Handler?.OnNotification(notification);
        }
        catch (Exception exception)
        {
            ConnectionLog.HandlerFailed(_options.Logger, exception, _connection.Peer);
        }
    }

    // A faulty reply still ends the request it names: otherwise its caller would wait for ever.
    private void ReceiveFaulty(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        _counters.Malformed(envelope.Fault);
        if (!envelope.MethodName.IsPresent
            && envelope.Id.IsPresent
            && JsonText.TryGetInt64(envelope.Id.Of(message), out var id)
            && _pending.TryRemove(id, out var entry))
        {
            entry.Fail(new McpTransportException(
                TransportFault.InvalidReply, $"{_connection.Peer} sent a reply that is no valid JSON-RPC message ({envelope.Fault}).", mayHaveRun: true));
        }
    }
}
