using System.Globalization;
using System.Text;
using Peregrine.Client.Tools;
using Peregrine.Protocol.Versions;
using Peregrine.Server;
using Peregrine.Server.Tools;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.InProcess;

/// <summary>Client and server of this library in one process read where the other end writes; these show that nobody's code runs where it could hold up another.</summary>
public sealed class InProcessCallTests
{
    private readonly ManualResetEventSlim _gate = new();

    public static TheoryData<ProtocolEra> Eras => [ProtocolEra.Session, ProtocolEra.Stateless];

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_tool_that_blocks_holds_up_neither_its_caller_nor_other_calls(ProtocolEra era)
    {
        await using var server = new InProcessServer(builder => builder.AddTools(new ArithmeticTools()).AddTools(new BlockingTools(_gate)));
        await using var client = await ConnectAsync(server, era);
        var blocked = client.CallToolAsync("block");
        using (var sum = await client.CallToolAsync("add", """{"a":1,"b":2}"""u8.ToArray()).Soon())
        {
            Assert.Equal("3", sum.GetText());
        }

        Assert.False(blocked.IsCompleted);
        _gate.Set();
        using var result = await blocked.Soon();
        Assert.Equal("open", result.GetText());
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_caller_may_block_behind_its_call(ProtocolEra era)
    {
        await using var server = new InProcessServer(builder => builder.AddTools(new ArithmeticTools()));
        await using var client = await ConnectAsync(server, era);

        // On whatever thread a call ends, the next ones must be answered while that thread is held.
        var all = Enumerable.Range(0, 2).Select(async _ =>
        {
            for (var i = 0; i < 100; i++)
            {
                using var first = await client.CallToolAsync("add", """{"a":1,"b":2}"""u8.ToArray());
                var second = client.CallToolAsync("add", """{"a":2,"b":3}"""u8.ToArray()).AsTask();
#pragma warning disable xUnit1031 // Blocking is what is tested.
                Assert.True(second.Wait(TestTime.Limit));
                Assert.Equal("5", second.Result.GetText());
#pragma warning restore xUnit1031
                second.Result.Dispose();
            }
        });
        await Task.WhenAll(all).Soon();
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_progress_report_may_wait_for_the_tool(ProtocolEra era)
    {
        await using var server = new InProcessServer(builder => builder.AddTools(new BlockingTools(_gate)));
        await using var client = await ConnectAsync(server, era);
        var reports = new WaitingReports(_gate);

        // The tool opens the gate when its report is on the way; the report waits for that.
        using var result = await client.CallToolAsync("report", default, reports).Soon();
        Assert.Equal("reported", result.GetText());
        Assert.Equal([true], reports.All);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task All_progress_comes_before_the_end(ProtocolEra era)
    {
        await using var server = new InProcessServer(builder => builder.AddTools(new BlockingTools(_gate)));
        await using var client = await ConnectAsync(server, era);
        for (var i = 0; i < 200; i++)
        {
            var reports = new CountedReports();
            using var result = await client.CallToolAsync("steps", """{"count":5}"""u8.ToArray(), reports).Soon();
            Assert.Equal(5, reports.Count);
        }
    }

    /// <summary>Nothing of a call runs on the stack of the one before it.</summary>
    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Tools_that_call_the_next_server_do_not_grow_the_stack(ProtocolEra era)
    {
        PeregrineClient? self = null;
        await using var server = new InProcessServer(builder => builder.AddTool(Definition("down"), async call =>
        {
            var depth = int.Parse(Encoding.UTF8.GetString(call.RawArguments.Span[5..^1]), CultureInfo.InvariantCulture);
            if (depth == 0)
            {
                call.ReturnText("bottom");
                return;
            }

            using var deeper = await self!.CallToolAsync("down", Encoding.UTF8.GetBytes($"{{\"n\":{depth - 1}}}"));
            call.ReturnText(deeper.GetText());
        }));
        await using var client = self = await ConnectAsync(server, era);
        using var result = await client.CallToolAsync("down", """{"n":2000}"""u8.ToArray()).Soon();
        Assert.Equal("bottom", result.GetText());
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Closing_among_calls_ends_every_call(ProtocolEra era)
    {
        for (var round = 0; round < 30; round++)
        {
            await using var server = new InProcessServer(builder => builder.AddTools(new ArithmeticTools()));
            var client = await ConnectAsync(server, era);
            var calls = Enumerable.Range(0, 16).Select(async _ =>
            {
                while (true)
                {
                    using var result = await client.CallToolAsync("add", """{"a":1,"b":2}"""u8.ToArray());
                    Assert.Equal("3", result.GetText());
                }
            }).ToArray();
            using (await client.CallToolAsync("add", """{"a":1,"b":2}"""u8.ToArray()).Soon())
            {
            }

            await client.DisposeAsync().Soon();
            foreach (var call in calls)
            {
                await Assert.ThrowsAsync<McpTransportException>(() => call.Soon());
            }

            Assert.Equal(0, server.Connection.InFlight);
        }
    }

    private static McpToolDefinition Definition(string name) => new() { Name = name, InputSchema = """{"type":"object"}"""u8.ToArray() };

    private static async Task<PeregrineClient> ConnectAsync(InProcessServer server, ProtocolEra era) =>
        await PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { Era = era }).Soon();

    private sealed class WaitingReports(ManualResetEventSlim gate) : IProgress<CallProgress>
    {
        internal List<bool> All { get; } = [];

        public void Report(CallProgress value) => All.Add(gate.Wait(TestTime.Limit));
    }

    private sealed class CountedReports : IProgress<CallProgress>
    {
        private int _count;

        internal int Count => Volatile.Read(ref _count);

        public void Report(CallProgress value) => Interlocked.Increment(ref _count);
    }
}
