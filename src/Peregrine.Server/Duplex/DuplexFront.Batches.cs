using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Server.Duplex;

// Batches, which 2025-03-26 brought and 2025-06-18 took away.
internal sealed partial class DuplexFront
{
    private void ReceiveBatch(ReadOnlySpan<byte> message)
    {
        var count = BatchReader.Count(message, _options.MaxBatchMessages);
        if (count == 0 || count > _options.MaxBatchMessages)
        {
            AnswerFault(default, ErrorCodes.InvalidRequest, count == 0
                ? "Invalid request: a batch must not be empty"
                : $"Invalid request: a batch may have {_options.MaxBatchMessages} messages; send more in further batches");
            return;
        }

        var batch = new DuplexBatch();
        var reader = new BatchReader(message);
        while (reader.MoveNext())
        {
            ReceiveOfBatch(reader.Current.Of(message), batch);
        }

        batch.End(_output);
        FlushFromReader();
    }

    private void ReceiveOfBatch(ReadOnlySpan<byte> message, DuplexBatch batch)
    {
        if (!EnvelopeReader.TryRead(message, out var envelope))
        {
            batch.AddFault(envelope.Id.Of(message), EnvelopeErrors.Code(envelope.Fault), EnvelopeErrors.Message(envelope.Fault, envelope.FaultOffset));
        }
        else if (envelope.Kind != MessageKind.Request)
        {
            ReceiveOther(message, envelope);
        }
        else if (envelope.Method == McpMethod.Initialize || envelope.HasStatelessMeta)
        {
            batch.AddFault(envelope.Id.Of(message), ErrorCodes.InvalidRequest, envelope.HasStatelessMeta
                ? "Invalid request: requests of this revision must not be part of a batch"
                : "Invalid request: initialize must not be part of a batch");
        }
        else
        {
            batch.Expect();
            ReceiveRequest(message, envelope, batch);
        }
    }

    private void AppendToBatch(DuplexExchange exchange, DuplexBatch batch)
    {
        exchange.Batch = null;

        // Before the peer can see the reply and use its id again.
        exchange.IsAnswered = true;
        batch.Add(exchange.TryBeginAnswer() ? exchange.CompleteReply().Span : default, _output);
    }
}
