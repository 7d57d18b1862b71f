using System.Buffers;
using Peregrine.Protocol.Buffers;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Tools;

/// <summary>
/// Pooled memory for the result of one call: written in UTF-8, returned as text (<c>return buffer;</c>, or <see cref="McpCall.ReturnText(ReadOnlySpan{byte})"/> with <see cref="WrittenSpan"/>). It belongs to the
/// call and goes back to the pool at its end, also where that fails; use after that throws <see cref="ObjectDisposedException"/>. For one thread at a time.
/// </summary>
public sealed class McpBuffer : IBufferWriter<byte>
{
    private readonly McpExchange _exchange;
    private readonly int _generation;
    private readonly PooledByteWriter _writer;

    internal McpBuffer(McpExchange exchange, int generation, int capacity)
    {
        _exchange = exchange;
        _generation = generation;
        _writer = new PooledByteWriter(capacity);
    }

    /// <summary>How many bytes are written.</summary>
    public int Length => Writer.Length;

    /// <summary>What is written. Valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => Writer.WrittenSpan;

    private PooledByteWriter Writer
    {
        get
        {
            _exchange.Verify(_generation);
            return _writer;
        }
    }

    /// <inheritdoc/>
    public void Advance(int count) => Writer.Advance(count);

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => Writer.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => Writer.GetSpan(sizeHint);

    /// <summary>Forgets what is written.</summary>
    public void Clear() => Writer.Clear();

    internal void Return() => _writer.Dispose();
}
