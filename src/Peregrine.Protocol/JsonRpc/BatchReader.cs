using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.JsonRpc;

/// <summary>
/// Walks the messages of a batch (2025-03-26 and JSON-RPC 2.0, section 6) without making anything. For what <see cref="EnvelopeReader"/> has refused as
/// <see cref="EnvelopeError.Batch"/>: then its syntax, depth and UTF-8 are known to be right, and what its elements are is for the reader to judge.
/// </summary>
public ref struct BatchReader
{
    private readonly ReadOnlySpan<byte> _batch;
    private JsonScanner _scanner;
    private int _next;

    /// <summary>Begins before the first message.</summary>
    /// <param name="batch">One well-formed JSON array.</param>
    public BatchReader(ReadOnlySpan<byte> batch)
    {
        _batch = batch;
        _scanner = new JsonScanner(batch);
        _next = _scanner.SkipWhitespace(0) + 1;
    }

    /// <summary>Where the message lies in the batch.</summary>
    public JsonRange Current { get; private set; }

    /// <summary>How many messages the batch has; no more are counted than <paramref name="limit"/> and one.</summary>
    public static int Count(ReadOnlySpan<byte> batch, int limit)
    {
        var reader = new BatchReader(batch);
        var count = 0;
        while (count <= limit && reader.MoveNext())
        {
            count++;
        }

        return count;
    }

    /// <summary>Goes to the next message.</summary>
    /// <returns>False at the end, and where the batch is not well-formed.</returns>
    public bool MoveNext()
    {
        var start = _next < 0 ? _batch.Length : _scanner.SkipWhitespace(_next);
        if (start >= _batch.Length || _batch[start] == (byte)']')
        {
            return false;
        }

        var end = _scanner.SkipValue(start, EnvelopeReader.MaxDepth - 1);
        if (end < 0)
        {
            _next = -1;
            return false;
        }

        Current = new JsonRange(start, end - start);

        // A comma or the closing bracket. The bracket is not passed, so that the next look finds the end.
        var separator = _scanner.SkipWhitespace(end);
        _next = separator < _batch.Length && _batch[separator] == (byte)',' ? separator + 1 : separator;
        return true;
    }
}
