using System.Text;
using Peregrine.Transport.Stdio;

namespace Peregrine.Bench.Micro.Server;

/// <summary>A channel that gives the same batch of calls a number of times, then ends; and forgets what is written to it.</summary>
internal sealed class MessageFeed : BlockingChannel
{
    internal const int BatchSize = 64;

    private readonly byte[] _batch;
    private int _left;

    internal MessageFeed(string arguments, string meta, int batches)
    {
        var text = new StringBuilder();
        for (var i = 0; i < BatchSize; i++)
        {
            text.Append($$$"""{"jsonrpc":"2.0","id":{{{1000 + i}}},"method":"tools/call","params":{"name":"echo","arguments":{{{arguments}}}{{{meta}}} """).Append("}}\n");
        }

        _batch = Encoding.UTF8.GetBytes(text.ToString());
        _left = batches;
    }

    internal long Written { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (_left-- <= 0)
        {
            return 0;
        }

        _batch.CopyTo(buffer);
        return _batch.Length;
    }

    public override void Write(ReadOnlySpan<byte> bytes) => Written += bytes.Length;

    public override bool WaitReadable(int milliseconds) => true;

    public override bool CanWrite(int count) => true;

    protected override void Dispose(bool disposing)
    {
    }
}
