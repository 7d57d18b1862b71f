using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Client.Caching;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Caching;

public sealed class ResponseCacheTests
{
    private static readonly byte[] Parameters = """{"uri":"u:/a"}"""u8.ToArray();

    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_list_is_asked_for_once_as_long_as_the_server_allows()
    {
        var asked = 0;
        var server = Start((method, _) => method == "tools/list" ? $"\"result\":{{\"tools\":[{{\"name\":\"t{++asked}\",\"inputSchema\":{{}}}}],\"ttlMs\":5000,\"cacheScope\":\"public\"}}" : null);
        await using var client = await ConnectAsync(server);
        Assert.Equal("t1", (await client.ListToolsAsync().Soon())[0].Name);
        _time.Advance(TimeSpan.FromSeconds(4.999));
        Assert.Equal("t1", (await client.ListToolsAsync().Soon())[0].Name);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("t2", (await client.ListToolsAsync().Soon())[0].Name);
        Assert.Equal(2, asked);
        Assert.Equal((1, 2), (client.CacheStatistics.Hits, client.CacheStatistics.Misses));

        await server.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
        await client.PingAsync().Soon();
        Assert.Equal("t3", (await client.ListToolsAsync().Soon())[0].Name);
    }

    [Theory]
    [InlineData("\"ttlMs\":0,\"cacheScope\":\"public\"")]
    [InlineData("\"nextCursor\":null")]
    [InlineData("\"ttlMs\":\"5000\"")]
    [InlineData("\"ttlMs\":-1")]
    [InlineData("\"ttlMs\":5000,\"resultType\":\"input_required\"")]
    public void What_the_server_does_not_allow_is_not_kept(string members)
    {
        var cache = Create();
        Assert.False(cache.TryFind(McpMethod.ToolsList, Parameters, "me", out _, out var epoch));
        Assert.Null(Store(cache, McpMethod.ToolsList, "me", epoch, members));
        Assert.Equal(0, cache.Statistics.Entries);
    }

    [Fact]
    public void What_is_private_is_given_to_nobody_else()
    {
        var cache = Create();
        _ = cache.TryFind(McpMethod.ResourcesRead, Parameters, "me", out _, out var epoch);
        Assert.NotNull(Store(cache, McpMethod.ResourcesRead, "me", epoch, "\"ttlMs\":5000,\"cacheScope\":\"private\""));
        Assert.True(cache.TryFind(McpMethod.ResourcesRead, Parameters, "me", out _, out _));
        Assert.False(cache.TryFind(McpMethod.ResourcesRead, Parameters, "you", out _, out epoch));

        // Without a word it is private too.
        Assert.NotNull(Store(cache, McpMethod.ResourcesRead, "you", epoch, "\"ttlMs\":5000"));
        Assert.False(cache.TryFind(McpMethod.ResourcesRead, Parameters, "they", out _, out epoch));
        Assert.NotNull(Store(cache, McpMethod.ResourcesRead, "they", epoch, "\"ttlMs\":5000,\"cacheScope\":\"public\""));
        Assert.True(cache.TryFind(McpMethod.ResourcesRead, Parameters, "anybody", out _, out _));
    }

    [Fact]
    public void What_was_asked_for_before_a_change_and_comes_after_it_is_not_kept()
    {
        var cache = Create();
        _ = cache.TryFind(McpMethod.ResourcesRead, Parameters, "me", out _, out var epoch);
        Observe(cache, """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"u:/a"}}""");
        Assert.Null(Store(cache, McpMethod.ResourcesRead, "me", epoch, "\"ttlMs\":5000"));
    }

    [Theory]
    [InlineData("u:/a", true)]
    [InlineData("u:/a/part", true)]
    [InlineData("u:/b", false)]
    public void An_update_drops_what_it_concerns(string uri, bool dropped)
    {
        var cache = Create();
        _ = cache.TryFind(McpMethod.ResourcesRead, Parameters, "me", out _, out var epoch);
        Store(cache, McpMethod.ResourcesRead, "me", epoch, "\"ttlMs\":5000");
        Observe(cache, $$$"""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"{{{uri}}}"}}""");
        Assert.Equal(!dropped, cache.TryFind(McpMethod.ResourcesRead, Parameters, "me", out _, out _));
    }

    [Fact]
    public void The_least_recently_used_goes_first()
    {
        var cache = Create(new ResponseCacheOptions { MaxBytes = 900 });
        foreach (var name in new[] { "a", "b", "c" })
        {
            StoreNamed(cache, name);
            Assert.True(Has(cache, "a"));
        }

        StoreNamed(cache, "d");
        Assert.True(Has(cache, "a"));
        Assert.False(Has(cache, "b"));
        Assert.InRange(cache.Statistics.Bytes, 1, 900);
        Assert.True(cache.Statistics.Evictions > 0);

        bool Has(ResponseCache where, string name) => where.TryFind(McpMethod.ResourcesRead, Named(name), "me", out _, out _);
    }

    [Fact]
    public async Task Of_many_that_ask_the_same_at_once_one_is_sent()
    {
        var asked = 0;
        var answer = new TaskCompletionSource();
        var server = Start((method, _) => method == "tools/list"
            ? $"\"result\":{{\"tools\":[{{\"name\":\"t{Interlocked.Increment(ref asked)}\",\"inputSchema\":{{}}}}],\"ttlMs\":5000}}"
            : null, answer.Task);
        await using var client = await ConnectAsync(server);
        var lists = Enumerable.Range(0, 50).Select(_ => client.ListToolsAsync().AsTask()).ToArray();
        answer.SetResult();
        foreach (var list in await Task.WhenAll(lists).Soon())
        {
            Assert.Equal("t1", list[0].Name);
        }

        Assert.Equal(1, asked);
        Assert.Equal(49, client.CacheStatistics.Joined + client.CacheStatistics.Hits);
    }

    [Fact]
    public async Task Where_the_one_that_was_sent_is_given_up_another_is_sent()
    {
        var server = Start((method, _) => method == "tools/list" ? "\"result\":{\"tools\":[],\"ttlMs\":5000}" : null);
        await using var client = await ConnectAsync(server);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ListToolsAsync(stop.Token).Soon());
        Assert.Empty(await client.ListToolsAsync().Soon());
    }

    /// <summary>Reads, changes and time in any order: what is read is what the server has, or what it had a moment ago that its time to live covers and of which no change was told.</summary>
    [Fact]
    public void Nothing_stale_is_ever_given()
    {
        var steps = ArbMap.Default.GeneratorFor<(byte What, byte Uri, byte Time)[]>();
        Prop.ForAll(steps.ToArbitrary(), steps =>
        {
            var time = new ManualTime();
            var cache = new ResponseCache(new ResponseCacheOptions { MaxBytes = 3000 }, time);
            var versions = new int[4];
            var silentSince = new long[4];
            foreach (var (what, uriByte, wait) in steps)
            {
                var uri = uriByte % 4;
                switch (what % 4)
                {
                    case 0:
                        versions[uri]++;
                        Observe(cache, $$$"""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"u:/{{{uri}}}"}}""");
                        silentSince[uri] = 0;
                        break;
                    case 1:
                        // A change that the server does not tell may be seen late, but no later than the time to live.
                        versions[uri]++;
                        silentSince[uri] = silentSince[uri] == 0 ? time.GetTimestamp() + 1 : silentSince[uri];
                        break;
                    case 2:
                        time.Advance(TimeSpan.FromMilliseconds(wait));
                        break;
                    default:
                        if (!cache.TryFind(McpMethod.ResourcesRead, Named(uri.ToString(System.Globalization.CultureInfo.InvariantCulture)), "me", out var message, out var epoch))
                        {
                            Store(cache, McpMethod.ResourcesRead, "me", epoch, $"\"ttlMs\":100,\"version\":{versions[uri]}", Named(uri.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                            silentSince[uri] = 0;
                        }
                        else if (!Encoding.UTF8.GetString(message).Contains($"\"version\":{versions[uri]}}}", StringComparison.Ordinal)
                            && (silentSince[uri] == 0 || time.GetElapsedTime(silentSince[uri] - 1) >= TimeSpan.FromMilliseconds(100)))
                        {
                            return false;
                        }

                        break;
                }

                if (cache.Statistics.Bytes is < 0 or > 3000)
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    private static byte[] Named(string name) => Encoding.UTF8.GetBytes($"{{\"uri\":\"u:/{name}\"}}");

    private static void StoreNamed(ResponseCache cache, string name)
    {
        _ = cache.TryFind(McpMethod.ResourcesRead, Named(name), "me", out _, out var epoch);
        Store(cache, McpMethod.ResourcesRead, "me", epoch, "\"ttlMs\":5000", Named(name));
    }

    private static byte[]? Store(ResponseCache cache, McpMethod method, string context, long epoch, string members, byte[]? parameters = null)
    {
        using var reply = McpReply.FromMessage(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{{members}}}}}"));
        return cache.Store(method, parameters ?? Parameters, context, epoch, reply);
    }

    private static void Observe(ResponseCache cache, string json)
    {
        var message = Encoding.UTF8.GetBytes(json);
        Assert.True(EnvelopeReader.TryRead(message, out var envelope));
        cache.Observe(new IncomingNotification(message, envelope));
    }

    private ResponseCache Create(ResponseCacheOptions? options = null) => new(options ?? new ResponseCacheOptions(), _time);

    private static ScriptedServer Start(Func<string, System.Text.Json.JsonElement, string?> answer, Task? first = null) => new((method, parameters) =>
    {
        if (method == "tools/list" && first is not null)
        {
            first.Soon().GetAwaiter().GetResult();
        }

        return method switch
        {
            "initialize" => "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}",
            "ping" => "\"result\":{}",
            _ => answer(method, parameters),
        };
    });

    private ValueTask<PeregrineClient> ConnectAsync(ScriptedServer server) =>
        PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { Era = ProtocolEra.Session, TimeProvider = _time });
}
