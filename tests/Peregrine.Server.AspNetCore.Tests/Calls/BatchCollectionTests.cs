using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>Concurrent calls of one tool that reach it as one batch, over every front.</summary>
public sealed class BatchCollectionTests
{
    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task EachCallerGetsItsOwnAnswer(Front front)
    {
        var tool = new SquareTool(new McpBatchOptions { Max = 16, Wait = TimeSpan.FromMilliseconds(20) });
        var server = PeregrineServer.CreateBuilder("t", "1").AddTool(tool).Build();
        await using var caller = await Caller.StartAsync(server, front);

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => caller.CallAsync("square", $$"""{"n":{{i}}}""")));

        for (var i = 0; i < replies.Length; i++)
        {
            Assert.Equal(i % 10 == 7, replies[i].IsToolError);
            Assert.Equal(i % 10 == 7 ? "unlucky" : $"{i * i}", replies[i].Text);
        }

        Assert.Equal(100, tool.Sizes.Sum());
        Assert.All(tool.Sizes, static size => Assert.InRange(size, 1, 16));
        Assert.True(tool.Sizes.Count < 50, $"{tool.Sizes.Count} batches");
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task TheTokenFiresWhenAllCallersHaveGone(Front front)
    {
        var time = new ManualTime();
        var tool = new SquareTool(new McpBatchOptions { Max = 2, Wait = TimeSpan.FromSeconds(1) }) { Waits = true };
        var server = PeregrineServer.CreateBuilder("t", "1").AddTool(tool).Configure(options => options with { TimeProvider = time }).Build();
        await using var caller = await Caller.StartAsync(server, front);
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var alone = caller.CallAsync("square", """{"n":1}""");
        await Waiting.UntilAsync(() => tool.Tokens.Count == 1);
        var calls = ((CancellationTokenSource[])[first, second]).Select(source => caller.CallAsync("square", """{"n":2}""", cancellationToken: source.Token)).ToList();
        await Waiting.UntilAsync(() => tool.Tokens.Count == 2);
        var token = tool.Tokens.ToArray().Single(static one => one.Size == 2).Token;

        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calls[0]);
        Assert.False(token.IsCancellationRequested);
        await second.CancelAsync();
        await Waiting.UntilAsync(() => token.IsCancellationRequested);

        tool.Go.Release(10);
        Assert.Equal("1", (await alone).Text);
    }

    [Fact]
    public async Task ConnectionsOfTheirOwnShareABatchOnlyWhereThatIsAllowed()
    {
        foreach (var across in (bool[])[false, true])
        {
            var time = new ManualTime();
            var tool = new SquareTool(new McpBatchOptions { Max = 10, Wait = TimeSpan.FromSeconds(1), AcrossPrincipals = across }) { Waits = true };
            var server = PeregrineServer.CreateBuilder("t", "1").AddTool(tool).Configure(options => options with { TimeProvider = time }).Build();
            await using var one = await Caller.StartAsync(server, Front.Duplex);
            await using var other = await Caller.StartAsync(server, Front.Duplex);
            var running = one.CallAsync("square", """{"n":1}""");
            await Waiting.UntilAsync(() => tool.Tokens.Count == 1);
            List<Task<Caller.Reply>> calls = [one.CallAsync("square", """{"n":2}"""), one.CallAsync("square", """{"n":3}"""), other.CallAsync("square", """{"n":4}""")];
            await Waiting.UntilAsync(() => tool.Bound == 4 && time.Armed >= (across ? 1 : 2));
            time.Advance(TimeSpan.FromSeconds(2));
            tool.Go.Release(10);
            await Task.WhenAll([running, .. calls]);

            Assert.Equal(across ? "1,3" : "1,1,2", string.Join(',', tool.Sizes.Order()));
        }
    }

    internal sealed class SquareTool(McpBatchOptions batch) : McpBatchToolHandler<int>(CallTool.Named("square") with { Batch = batch })
    {
        private int _bound;

        internal ConcurrentBag<int> Sizes { get; } = [];

        internal ConcurrentQueue<(int Size, CancellationToken Token)> Tokens { get; } = new();

        internal SemaphoreSlim Go { get; } = new(0);

        internal bool Waits { get; init; }

        internal int Bound => Volatile.Read(ref _bound);

        protected override bool TryBind(McpCall call, [MaybeNullWhen(false)] out int arguments)
        {
            using var document = System.Text.Json.JsonDocument.Parse(call.RawArguments);
            arguments = document.RootElement.GetProperty("n").GetInt32();
            Interlocked.Increment(ref _bound);
            return true;
        }

        protected override async ValueTask RunBatchAsync(McpBatch<int> batch, CancellationToken cancellationToken)
        {
            Sizes.Add(batch.Count);
            Tokens.Enqueue((batch.Count, cancellationToken));
            if (Waits)
            {
                await Go.WaitAsync(CancellationToken.None);
            }

            foreach (var item in batch)
            {
                if (item.Arguments % 10 == 7)
                {
                    item.SetError("unlucky");
                }
                else
                {
                    item.SetResult($"{item.Arguments * item.Arguments}");
                }
            }
        }
    }
}
