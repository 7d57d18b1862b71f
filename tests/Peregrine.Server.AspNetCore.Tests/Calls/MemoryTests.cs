using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Execution.Memory;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Content;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>Memory of replies whose readers are slow, gone, or ask for too much.</summary>
[Collection(nameof(Allocation.MeasuredAlone))]
public sealed class MemoryTests
{
    private const int MiB = 1024 * 1024;

    private static readonly MemoryOptions Small = new()
    {
        MaxStreamBytes = 8 * MiB,
        MaxConnectionBytes = 16 * MiB,
        MaxProcessBytes = 64L * MiB,
        AbandonAfter = TimeSpan.FromSeconds(1),
    };

    private int _made;

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task AResultOfManyBlocksComesWhole(Front front)
    {
        var server = Streaming().Build();
        await using var caller = await Caller.StartAsync(server, front);

        var reply = await caller.CallAsync("stream", """{"blocks":50,"bytes":1000}""");

        Assert.Equal(50, reply.Result.GetProperty("content").GetArrayLength());
        Assert.False(reply.IsToolError);
        Assert.Equal(50, _made);
        if (front == Front.HttpStateless)
        {
            Assert.Equal("complete", reply.Result.GetProperty("resultType").GetString());
        }
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task AFailureOnTheWayEndsTheResult(Front front)
    {
        var server = Streaming().Build();
        await using var caller = await Caller.StartAsync(server, front);

        var reply = await caller.CallAsync("stream", """{"blocks":3,"bytes":10,"fail":true}""");

        Assert.True(reply.IsToolError);
        Assert.Equal(4, reply.Result.GetProperty("content").GetArrayLength());
        Assert.Equal("no more", reply.Result.GetProperty("content")[3].GetProperty("text").GetString());
    }

    [Fact]
    public async Task OnASharedConnectionAResultThatIsTooLongIsRefused()
    {
        var server = Streaming().Build();
        await using var caller = await Caller.StartAsync(server, Front.Duplex);

        var reply = await caller.CallAsync("stream", """{"blocks":5000,"bytes":1000}""");

        Assert.Equal(4003, reply.Code);
        Assert.False(reply.Data.GetProperty("retryable").GetBoolean());
        Assert.InRange(_made, 4000, 4600);
        Assert.Equal("text", (await caller.CallAsync("stream", """{"blocks":1,"bytes":1}""")).Result.GetProperty("content")[0].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task AReplyBeyondTheCapIsRefusedAndTheConnectionGoesOn(Front front)
    {
        var server = Streaming().Build();
        await using var caller = await Caller.StartAsync(server, front);

        Assert.Equal(4003, (await caller.CallAsync("whole", """{"bytes":20000000}""")).Code);
        Assert.Equal(3_000_000, (await caller.CallAsync("whole", """{"bytes":3000000}""")).Text.Length);
        Assert.Equal((0, 0L), (server.Memory.Statistics.Streams, server.Memory.Statistics.Bytes));
        Assert.InRange(server.Memory.Statistics.PeakBytes, 3_000_000, 8 * MiB);
    }

    /// <summary>A slow reader slows the tool: blocks are made as they are taken.</summary>
    [Fact]
    public async Task ASlowReaderHoldsTheToolBack()
    {
        var server = Streaming().Configure(static options => options with { Memory = Small with { AbandonAfter = TimeSpan.FromMinutes(10) } }).Build();
        await using var site = await StartAsync(server);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, site.Address.Port);
        using var reader = new RawHttp(socket);
        await AskAsync(reader, "stream", """{"blocks":600,"bytes":65536}""");

        // It stands still when what the system and the host buffer is full.
        await Waiting.UntilAsync(() => Volatile.Read(ref _made) > 3 && server.Memory.Statistics.Bytes > 0);
        Assert.InRange(Volatile.Read(ref _made), 3, 300);
        Assert.InRange(server.Memory.Statistics.PeakBytes, 1, MiB);

        var buffer = new byte[256 * 1024];
        var (length, last) = (0L, "");
        while (!last.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer).WaitAsync(TestSite.Patience);
            Assert.NotEqual(0, count);
            length += count;
            last = (last + Encoding.UTF8.GetString(buffer, Math.Max(0, count - 400), Math.Min(count, 400)))[^Math.Min(400, last.Length + Math.Min(count, 400))..];
        }

        Assert.Contains("resultType", last, StringComparison.Ordinal);
        Assert.InRange(length, 600 * 65536, 41_000_000);
        Assert.Equal(600, _made);
    }

    /// <summary>Many readers that ask for much and take nothing: memory stays below the cap, their streams end, and other calls go on.</summary>
    [Theory]
    [InlineData(100)]
    [Trait("Category", "Slow")]
    public Task ReadersThatStopReadingDoNotTakeTheMemory(int megabytes) => StopReadingAsync(megabytes);

    /// <summary>The same with a gigabyte.</summary>
    [Fact]
    [Trait("Category", "Full")]
    public Task AGigabyteForReadersThatStopReading() => StopReadingAsync(1000);

    private async Task StopReadingAsync(int megabytes)
    {
        PeregrineServer? server = null;
        await using var site = await TestSite.StartAsync(
            app => app.MapPeregrine("/mcp", server = Streaming().UseLogging(app.ServiceProvider.GetRequiredService<ILoggerFactory>())
                .Configure(static options => options with { BlockingThreshold = TimeSpan.FromHours(1) }).Build()),
            services => services.Configure<KestrelServerOptions>(static options => options.Limits.MinResponseDataRate = null));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        List<RawHttp> readers = [];
        for (var i = 0; i < megabytes / 10; i++)
        {
            readers.Add(await AskAsync(site, "stream", """{"blocks":200,"bytes":50000}"""));
            readers.Add(await AskAsync(site, "whole", """{"bytes":7000000}"""));
        }

        // While they stall, others are served.
        for (var i = 0; i < 50; i++)
        {
            using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "echo", TestSite.Call("echo", "{\"a\":1}")));
            Assert.True(response.IsSuccessStatusCode);
        }

        await Waiting.UntilAsync(() => server!.Memory.Statistics is { Streams: 0 } now && now.EndedAbandoned + now.Refused + now.EndedLargest > 0);

        var statistics = server!.Memory.Statistics;
        TestContext.Current.TestOutputHelper?.WriteLine($"{readers.Count} readers: {statistics}");
        Assert.InRange(statistics.PeakBytes, 1, Small.MaxProcessBytes);
        Assert.Equal(0, statistics.Bytes);
        Assert.Contains(site.Log.All, static record => record.Contains("resource_exhausted", StringComparison.Ordinal));

        // Twice the cap is the base: the pool has arrays of powers of two, and keeps some of those that were given back.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 3 * Small.MaxProcessBytes);
        readers.ForEach(static reader => reader.Dispose());
    }

    private PeregrineServerBuilder Streaming() => PeregrineServer.CreateBuilder("t", "1")
        .Add(CallTool.Named("echo"), static call => call.ReturnText(call.RawArguments.Span))
        .Add(CallTool.Named("whole"), static call => call.ReturnText(new string('x', Number(call, "bytes"))))
        .Add(CallTool.Named("stream"), call =>
        {
            using var arguments = JsonDocument.Parse(call.RawArguments);
            return call.ReturnStreamAsync(Blocks(Number(call, "blocks"), Number(call, "bytes"), arguments.RootElement.TryGetProperty("fail", out _)));
        })
        .Configure(static options => options with { Memory = Small });

    private async IAsyncEnumerable<McpContent> Blocks(int count, int bytes, bool fail, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var text = new string('x', bytes);
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref _made);
            yield return McpContent.Text(text);
        }

        if (fail)
        {
            throw new McpToolException("no more");
        }
    }

    private static int Number(McpCall call, string name)
    {
        using var arguments = JsonDocument.Parse(call.RawArguments);
        return arguments.RootElement.GetProperty(name).GetInt32();
    }

    // Kestrel's own rule for slow readers would be the first to act.
    private static Task<TestSite> StartAsync(PeregrineServer server) =>
        TestSite.StartAsync(app => app.MapPeregrine("/mcp", server),
            services => services.Configure<KestrelServerOptions>(static options => options.Limits.MinResponseDataRate = null));

    private static async Task<RawHttp> AskAsync(TestSite site, string tool, string arguments)
    {
        var reader = await site.ConnectAsync(receiveBuffer: 4096);
        await AskAsync(reader, tool, arguments);
        return reader;
    }

    private static async Task AskAsync(RawHttp reader, string tool, string arguments)
    {
        var body = TestSite.Call(tool, arguments);
        await reader.SendAsync(RawHttp.Head(Encoding.UTF8.GetByteCount(body), "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", $"Mcp-Name: {tool}") + body);
    }
}
