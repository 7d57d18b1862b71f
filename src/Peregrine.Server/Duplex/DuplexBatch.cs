using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Server.Duplex;

/// <summary>
/// The answers to one batch, gathered until the last is there and then sent as one message (2025-03-26, batching). Thread-safe: its calls run at the same time.
/// </summary>
internal sealed class DuplexBatch : IDisposable
{
    private readonly PooledByteWriter _answers = new();
    private readonly Lock _gate = new();

    // The reader's own share keeps the batch open until it has taken all messages.
    private int _awaited = 1;

    /// <summary>One more answer will come.</summary>
    internal void Expect()
    {
        lock (_gate)
        {
            _awaited++;
        }
    }

    /// <summary>Takes an answer; nothing where the call was cancelled. The last one has <paramref name="output"/> take the whole.</summary>
    internal void Add(ReadOnlySpan<byte> answer, IMessageOutput output)
    {
        lock (_gate)
        {
            AddLocked(answer);
            Release(output);
        }
    }

    /// <summary>Takes an error about a message that is none.</summary>
    internal void AddFault(ReadOnlySpan<byte> id, int code, string message)
    {
        using var fault = new PooledByteWriter(256);
        JsonRpcWriter.WriteError(fault, id.IsEmpty ? "null"u8 : id, code, message);
        lock (_gate)
        {
            AddLocked(fault.WrittenSpan);
        }
    }

    /// <summary>All messages are taken.</summary>
    internal void End(IMessageOutput output)
    {
        lock (_gate)
        {
            Release(output);
        }
    }

    /// <summary>Gives the memory back. The last answer does that by itself.</summary>
    public void Dispose() => _answers.Dispose();

    private void AddLocked(ReadOnlySpan<byte> answer)
    {
        if (!answer.IsEmpty)
        {
            _answers.WriteByte(_answers.Length == 0 ? (byte)'[' : (byte)',');
            _answers.Write(answer);
        }
    }

    private void Release(IMessageOutput output)
    {
        if (--_awaited > 0)
        {
            return;
        }

        if (_answers.Length > 0)
        {
            _answers.WriteByte((byte)']');
            output.Append(_answers.WrittenSpan);
        }

        Dispose();
    }
}
