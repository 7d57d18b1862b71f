using BenchmarkDotNet.Attributes;
using Peregrine.Transport.Stdio;

namespace Peregrine.Bench.Micro.Transport;

/// <summary>Replies on their way to standard output: gathered, and written at once.</summary>
[MemoryDiagnoser]
public class StdioWriterBenchmarks : IDisposable
{
    private readonly CoalescingWriter _writer = new(new NullChannel());
    private byte[] _reply = [];

    [Params(100, 100_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void CreateReply()
    {
        _reply = new byte[Bytes];
        _reply.AsSpan().Fill((byte)'x');
    }

    [Benchmark(OperationsPerInvoke = 64)]
    public int Append_64_and_flush()
    {
        for (var i = 0; i < 64; i++)
        {
            _writer.Append(_reply);
        }

        _writer.Flush();
        return _writer.Unsent;
    }

    public void Dispose()
    {
        _writer.Dispose();
        GC.SuppressFinalize(this);
    }
}
