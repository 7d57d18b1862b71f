using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Observability.Scheduling;
using Peregrine.Server;
using Peregrine.Server.Duplex;
using Peregrine.Server.Stdio;

namespace Peregrine.Bench.Micro.Server;

/// <summary>A call on stdio from the bytes that came to the bytes that go, without system calls: framing, envelope, queue, dispatch, tool, reply.</summary>
[MemoryDiagnoser]
public class StdioServerBenchmarks
{
    private const int Batches = 200;

    private const string StatelessMeta =
        ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"bench\",\"version\":\"1\"},\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private PeregrineServer _server = null!;

    [Params("2025-11-25", "2026-07-28")]
    public string Revision { get; set; } = "";

    [GlobalSetup]
    public void Build() => _server = PeregrineServer.CreateBuilder("bench", "1").AddTools(new EchoTools()).Build();

    [Benchmark(OperationsPerInvoke = Batches * MessageFeed.BatchSize)]
    public async Task<long> Echo()
    {
        var feed = new MessageFeed("{\"message\":\"hello, peregrine\"}", Revision == "2026-07-28" ? StatelessMeta : "", Batches);

        // No limit of calls: the feed does not wait for replies, and refusing is not what is measured.
        var options = DuplexOptions.Default with { MaxCallsInFlight = 1_000_000 };
        using var server = new StdioServer(_server, feed, options, ThreadPoolScheduler.Instance, NullLogger.Instance);
        await server.RunAsync(TimeProvider.System, CancellationToken.None);
        return feed.Written;
    }
}
