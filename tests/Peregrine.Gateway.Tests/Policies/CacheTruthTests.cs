using System.Globalization;
using System.Text;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;
using Peregrine.Gateway.Upstreams;
using Peregrine.Server;
using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Policies;

/// <summary>What a cache must do in the large: be hit often, and never be wrong.</summary>
public sealed class CacheTruthTests
{
    private const int Keys = 10_000;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task With_room_for_a_quarter_of_ten_thousand_keys_asked_for_by_Zipf_more_than_four_of_five_calls_are_served_from_the_cache()
    {
        var ran = 0;
        var upstream = PeregrineServer.CreateBuilder("values", "1").AddTool(
            new McpToolDefinition { Name = "value", InputSchema = "{\"type\":\"object\"}"u8.ToArray(), ReadOnly = true },
            call =>
            {
                Interlocked.Increment(ref ran);
                call.ReturnText(call.RawArguments.Span);
                return default;
            }).Build();

        // What one result takes, with what the cache itself needs for it (256 bytes), for a quarter of the keys.
        var result = "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"key\\\":5000}\"}]}".Length;
        var budget = ((256 + result) * (Keys / 4)).ToString(CultureInfo.InvariantCulture);
        await using var gateway = await StartAsync(upstream, $$"""{"defaults":{"cache":{"seconds":3600} },"cacheBytes":{{budget}} }""");
        var zipf = new Zipf(Keys, seed: 20261126);
        for (var i = 0; i < 100_000; i++)
        {
            await AskAsync(gateway, zipf.Next());
        }

        var warm = gateway.Policies.Cache.Statistics;
        var ranBefore = ran;
        for (var i = 0; i < 100_000; i++)
        {
            await AskAsync(gateway, zipf.Next());
        }

        var statistics = gateway.Policies.Cache.Statistics;
        var hits = statistics.Hits - warm.Hits;
        Assert.Equal(100_000 - (ran - ranBefore), hits);
        Assert.True(statistics.Bytes <= statistics.MaxBytes, $"{statistics.Bytes} of {statistics.MaxBytes} bytes");
        Assert.True(hits > 80_000, $"{hits} of 100,000 were hits");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task No_read_that_begins_after_a_write_has_ended_sees_what_was_before_it()
    {
        const int Cells = 16, Readers = 6, Writers = 2, Writes = 400;
        await using var server = await CellServer.StartAsync(Cells);
        await using var gateway = await RunningGateway.StartAsync(
            $$"""{"mcpServers":{"cells":{"url":"{{server.Endpoint}}"} },"peregrine":{"policies":{"defaults":{"cache":{"seconds":3600,"tags":["cells"]} },"tools":{"write":{"invalidates":["cells"]} } } } }""");
        await gateway.CallTextAsync("read", """{"cell":0}""");
        var written = new int[Cells];
        var done = 0;

        async Task WriteAsync(int writer)
        {
            var random = new Random(writer);
            for (var i = 1; i <= Writes; i++)
            {
                // Each writer has cells of its own, so that what it wrote last is what must be seen.
                var cell = (random.Next(Cells / Writers) * Writers) + writer;
                var value = i;
                await gateway.CallTextAsync("write", $$"""{"cell":{{cell}},"value":{{value}} }""");
                Volatile.Write(ref written[cell], value);
            }

            Interlocked.Increment(ref done);
        }

        async Task<int> ReadAsync(int reader)
        {
            var random = new Random(100 + reader);
            var reads = 0;
            while (Volatile.Read(ref done) < Writers)
            {
                var cell = random.Next(Cells);
                var least = Volatile.Read(ref written[cell]);
                var seen = int.Parse(await gateway.CallTextAsync("read", $$"""{"cell":{{cell}} }"""), CultureInfo.InvariantCulture);
                Assert.True(seen >= least, $"cell {cell}: {seen} was read after {least} had been written");
                reads++;
            }

            return reads;
        }

        var readers = Enumerable.Range(0, Readers).Select(reader => Task.Run(() => ReadAsync(reader))).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer))));
        var reads = (await Task.WhenAll(readers)).Sum();
        var statistics = gateway.Gateway.Policies.Cache.Statistics;

        // Served from the cache and dropped again and again, or nothing was tried.
        Assert.True(statistics.Hits > 0 && statistics.Invalidated > 0 && reads > Writes, $"{reads} reads, {statistics.Hits} hits, {statistics.Invalidated} dropped");
    }

    private static async Task<PeregrineGateway> StartAsync(PeregrineServer upstream, string policies)
    {
        var read = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes($$"""{"mcpServers":{},"peregrine":{"policies":{{policies}} } }"""), "test.json", static _ => null);
        Assert.Empty(read.Errors);
        var gateway = new PeregrineGateway(read.Configuration!, new GatewayOptions { InProcessServers = [new InProcessServer("values", upstream)] });
        gateway.Start();
        await AskAsync(gateway, 0);
        return gateway;
    }

    private static async Task AskAsync(PeregrineGateway gateway, int key)
    {
        using var exchange = new InProcessExchange(Encoding.UTF8.GetBytes(
            $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"value","arguments":{"key":{{key.ToString(CultureInfo.InvariantCulture)}} } } }"""));
        await gateway.Responder.RespondAsync(exchange);
        Assert.Equal(0, exchange.ErrorCode);
    }

    /// <summary>Keys by Zipf's law with exponent 1: the first is asked for twice as often as the second, and so on.</summary>
    private sealed class Zipf
    {
        private readonly double[] _sums;
        private readonly Random _random;

        internal Zipf(int keys, int seed)
        {
            _sums = new double[keys];
            _random = new Random(seed);
            var sum = 0.0;
            for (var i = 0; i < keys; i++)
            {
                _sums[i] = sum += 1.0 / (i + 1);
            }
        }

        internal int Next()
        {
            var at = Array.BinarySearch(_sums, _random.NextDouble() * _sums[^1]);
            return at < 0 ? ~at : at;
        }
    }
}
