using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Server.Duplex;

// What is answered to messages that cannot be read, and said of peers that do not read.
internal sealed partial class DuplexFront
{
    /// <summary>Says in the log, once, that the peer does not read. For the reader.</summary>
    internal void NotePeerDoesNotRead(int unsent)
    {
        if (!_notedPeerDoesNotRead)
        {
            _notedPeerDoesNotRead = true;
            DuplexLog.PeerDoesNotRead(_logger, unsent);
        }
    }

    /// <summary>Answers a message that was too long to be read.</summary>
    private void ReceiveOversized()
    {
        DuplexLog.Oversized(_logger, _options.MaxMessageBytes);
        AnswerFault(default, ErrorCodes.InvalidRequest,
            $"Invalid request: the message is longer than {_options.MaxMessageBytes} bytes, the limit of this server; it was skipped");
    }

    private void Refuse(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        // A faulty answer or notification has no one who waits for an error, but whether it was one cannot be told when it could not be read.
        DuplexLog.Refused(_logger, envelope.Fault, envelope.FaultOffset);
        AnswerFault(envelope.Id.Of(message), EnvelopeErrors.Code(envelope.Fault), EnvelopeErrors.Message(envelope.Fault, envelope.FaultOffset));
    }

    private void AnswerFault(ReadOnlySpan<byte> id, int code, string message)
    {
        using var fault = new PooledByteWriter(256);
        JsonRpcWriter.WriteError(fault, id.IsEmpty && !_eras.OmitsUnreadableId ? "null"u8 : id, code, message);
        _output.Append(fault.WrittenSpan);
        FlushFromReader();
    }
}
