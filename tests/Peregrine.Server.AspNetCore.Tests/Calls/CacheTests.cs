using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Peregrine.Execution.Caching;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Caching;
using Peregrine.Server.Resources;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>The result cache, over every front.</summary>
public sealed class CacheTests
{
    private int _runs;

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task AResultIsServedAgainForArgumentsThatMeanTheSame(Front front)
    {
        var server = Counting().Build();
        await using var caller = await Caller.StartAsync(server, front);

        Assert.Equal("1", (await caller.CallAsync("count", """{"a":1,"b":"x"}""")).Text);
        Assert.Equal("1", (await caller.CallAsync("count", """{ "b" : "\u0078", "a" : 1.0 }""")).Text);
        Assert.Equal("2", (await caller.CallAsync("count", """{"a":2,"b":"x"}""")).Text);
        Assert.Equal((2L, 1L), (server.Cache.Statistics.Misses, server.Cache.Statistics.Hits));
    }

    [Fact]
    public async Task AClientIsToldHowLongItMayKeepAResult()
    {
        var time = new ManualTime();
        var server = Counting().Add(CallTool.Named("public") with { CacheDuration = TimeSpan.FromSeconds(60), CacheScope = McpCacheScope.Public }, static call => call.ReturnText("x"))
            .AddResource(new McpResourceDefinition { Uri = "test://a", Name = "a", CacheDuration = TimeSpan.FromSeconds(60) },
                (_, _) => ValueTask.FromResult(McpResourceResult.From(McpResourceContents.FromText("test://a", Count()))))
            .Configure(options => options with { TimeProvider = time }).Build();
        await using var caller = await Caller.StartAsync(server, Front.HttpStateless);
        foreach (var expected in (int[])[60_000, 20_000])
        {
            Assert.Equal((expected, "private"), Hints((await caller.CallAsync("count")).Result));
            Assert.Equal((expected, "public"), Hints((await caller.CallAsync("public")).Result));
            var read = (await caller.ReadAsync("test://a")).Result;
            Assert.Equal((expected, "private"), Hints(read));
            Assert.Equal("complete", read.GetProperty("resultType").GetString());
            Assert.Equal("2", read.GetProperty("contents")[0].GetProperty("text").GetString());
            time.Advance(TimeSpan.FromSeconds(40));
        }
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task ConcurrentMissesRunOnce(Front front)
    {
        using var go = new SemaphoreSlim(0);
        var server = PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("slow") with { CacheDuration = TimeSpan.FromMinutes(1) }, async call =>
        {
            await go.WaitAsync(call.CancellationToken);
            call.ReturnText(Count());
        }).Build();
        await using var caller = await Caller.StartAsync(server, front);
        var calls = Enumerable.Range(0, 50).Select(_ => caller.CallAsync("slow")).ToList();
        await Waiting.UntilAsync(() => server.Cache.Statistics is { Misses: 1, Coalesced: 49 });

        go.Release();

        Assert.All(await Task.WhenAll(calls), static reply => Assert.Equal("1", reply.Text));
        Assert.Equal(1, _runs);
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task TheRunGoesOnForTheOthersWhereTheFirstGoesAway(Front front)
    {
        using var go = new SemaphoreSlim(0);
        CancellationToken seen = default;
        var server = PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("slow") with { CacheDuration = TimeSpan.FromMinutes(1) }, async call =>
        {
            Interlocked.Increment(ref _runs);
            seen = call.CancellationToken;
            await go.WaitAsync(seen);
            call.ReturnText("done");
        }).Build();
        await using var caller = await Caller.StartAsync(server, front);
        using var first = new CancellationTokenSource();
        var leading = caller.CallAsync("slow", cancellationToken: first.Token);
        await Waiting.UntilAsync(() => server.Cache.Statistics.Misses == 1);
        using var second = new CancellationTokenSource();
        var following = caller.CallAsync("slow", cancellationToken: second.Token);
        await Waiting.UntilAsync(() => server.Cache.Statistics.Coalesced == 1);

        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leading);
        Assert.Equal("done", (await EndAsync()).Text);
        Assert.Equal(1, _runs);

        // Nobody waits: the run is told.
        await server.Cache.ClearAsync(CacheSelection.Everything);
        using var only = new CancellationTokenSource();
        leading = caller.CallAsync("slow", cancellationToken: only.Token);
        await Waiting.UntilAsync(() => server.Cache.Statistics.Misses == 2 && Volatile.Read(ref _runs) == 2);
        await only.CancelAsync();
        await Waiting.UntilAsync(() => seen.IsCancellationRequested);

        async Task<Caller.Reply> EndAsync()
        {
            go.Release();
            return await following;
        }
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task FailuresAreNotKept(Front front)
    {
        var server = PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("fails") with { CacheDuration = TimeSpan.FromMinutes(1) }, call => call.ReturnToolError(Count())).Build();
        await using var caller = await Caller.StartAsync(server, front);

        for (var i = 1; i <= 3; i++)
        {
            var reply = await caller.CallAsync("fails");
            Assert.Equal((i.ToString(CultureInfo.InvariantCulture), true), (reply.Text, reply.IsToolError));
        }

        Assert.Equal(0, server.Cache.Statistics.Entries);
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task OneCallOrAllGoPastTheCache(Front front)
    {
        var server = Counting().Build();
        await using var caller = await Caller.StartAsync(server, front);
        Assert.Equal("1", (await caller.CallAsync("count")).Text);
        Assert.Equal("2", (await caller.CallAsync("count", meta: "\"peregrine/cache\":\"bypass\"")).Text);
        Assert.Equal("1", (await caller.CallAsync("count")).Text);

        server.Switches["cache"].TurnOff();
        Assert.Equal("3", (await caller.CallAsync("count")).Text);
        server.Switches["cache"].TurnOn();

        Assert.Equal("4", (await caller.CallAsync("count")).Text);
        Assert.Equal(2, server.Cache.Statistics.Bypassed);
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task TheWarmUpListIsThereForTheFirstWhoAsks(Front front)
    {
        var server = Counting().Configure(static options => options with { CacheWarmUp = [new McpCachedCall("count", "{\"a\":1}")] }).Build();
        Assert.Equal(2, await server.WarmUpCacheAsync());
        await using var caller = await Caller.StartAsync(server, front);
        var runs = _runs;

        // A client of the session era over HTTP that names no revision is taken for one of 2025-03-26.
        await caller.CallAsync("count", "{\"a\":1}", "");

        Assert.Equal(front == Front.HttpSession ? runs + 1 : runs, _runs);
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task AResourceIsReadAgainAfterWhatItDependsOnHasChanged(Front front)
    {
        var server = PeregrineServer.CreateBuilder("t", "1")
            .AddResource(new McpResourceDefinition { Uri = "test://a", Name = "a", CacheDuration = TimeSpan.FromMinutes(1), CacheTags = ["a"] },
                (_, _) => ValueTask.FromResult(McpResourceResult.From(McpResourceContents.FromText("test://a", Count()))))
            .Add(CallTool.Named("change") with { InvalidatesTags = ["a"] }, static call => call.ReturnNothing()).Build();
        await using var caller = await Caller.StartAsync(server, front);

        Assert.Equal("1", Text(await caller.ReadAsync("test://a")));
        Assert.Equal("1", Text(await caller.ReadAsync("test://a")));
        await caller.CallAsync("change");
        Assert.Equal("2", Text(await caller.ReadAsync("test://a")));

        static string Text(Caller.Reply reply) => reply.Result.GetProperty("contents")[0].GetProperty("text").GetString()!;
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task AToolThatTakesAnothersPlaceDoesNotMeetItsResults(Front front)
    {
        var server = Counting().Build();
        await using var caller = await Caller.StartAsync(server, front);
        Assert.Equal("1", (await caller.CallAsync("count")).Text);

        server.Tools.Remove("count");
        server.Tools.Add(CallTool.Named("count") with { CacheDuration = TimeSpan.FromMinutes(1) }, static call =>
        {
            call.ReturnText("other");
            return default;
        });

        Assert.Equal("other", (await caller.CallAsync("count")).Text);
    }

    /// <summary>Readers, writers and clearings at random: who begins to read after a write was answered sees it, or a later one.</summary>
    [Theory]
    [InlineData(Front.Duplex, 4_000)]
    [InlineData(Front.HttpStateless, 2_000)]
    public async Task NothingStaleIsServed(Front front, int operations)
    {
        var values = new ConcurrentDictionary<string, int>();
        var server = PeregrineServer.CreateBuilder("t", "1")
            .Add(CallTool.Named("get") with { ReadOnly = true, CacheDuration = TimeSpan.FromMinutes(1), CacheTags = ["item:{id}"] }, async call =>
            {
                var value = values.GetValueOrDefault(IdOf(call.RawArguments));
                await Task.Yield();
                call.ReturnValue(value);
            })
            .Add(CallTool.Named("set") with { InvalidatesTags = ["item:{id}"] }, async call =>
            {
                var id = IdOf(call.RawArguments);
                await Task.Yield();
                call.ReturnValue(values.AddOrUpdate(id, 1, static (_, value) => value + 1));
            })
            .Build();
        await using var caller = await Caller.StartAsync(server, front);
        var known = new int[5];
        var left = operations;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var id = random.Next(known.Length);
                var arguments = $$"""{"id":{{id}}}""";
                if (random.Next(4) == 0)
                {
                    var written = int.Parse((await caller.CallAsync("set", arguments)).Text, CultureInfo.InvariantCulture);
                    Raise(ref known[id], written);
                }
                else
                {
                    var least = Volatile.Read(ref known[id]);
                    var read = int.Parse((await caller.CallAsync("get", arguments)).Text, CultureInfo.InvariantCulture);
                    Assert.True(read >= least, $"Read {read} of {id} after {least} was written.");
                }
            }
        })));

        Assert.True(server.Cache.Statistics.Hits > 0);
    }

    private static void Raise(ref int known, int value)
    {
        for (var seen = Volatile.Read(ref known); value > seen; seen = Volatile.Read(ref known))
        {
            Interlocked.CompareExchange(ref known, value, seen);
        }
    }

    private static string IdOf(ReadOnlyMemory<byte> arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        return document.RootElement.GetProperty("id").GetRawText();
    }

    private static (int, string?) Hints(JsonElement result) => (result.GetProperty("ttlMs").GetInt32(), result.GetProperty("cacheScope").GetString());

    private PeregrineServerBuilder Counting() => PeregrineServer.CreateBuilder("t", "1")
        .Add(CallTool.Named("count") with { CacheDuration = TimeSpan.FromSeconds(60) }, call => call.ReturnText(Count()));

    private string Count() => Interlocked.Increment(ref _runs).ToString(CultureInfo.InvariantCulture);
}
