using System.Collections.Concurrent;
using System.Globalization;
using Peregrine.Samples.Tests.Processes;

namespace Peregrine.Samples.Tests;

/// <summary>The samples that speak over standard streams.</summary>
public sealed class StdioSampleTests
{
    [Fact]
    public async Task WeatherStdio()
    {
        await using var client = await Sample.ConnectAsync("WeatherStdio");

        Assert.Equal("It is 19 °C in Oslo.", await client.CallAsync("get_weather", """{"city":"Oslo"}"""));
    }

    [Fact]
    public async Task HostedStdio()
    {
        var errors = new ConcurrentQueue<string>();
        await using (var client = await Sample.ConnectAsync("HostedStdio", errors.Enqueue))
        {
            Assert.Equal("Production", await client.CallAsync("get_environment"));
        }

        // The end of the input ends the host, which says so in its log; what it logs and prints is on standard error, all of it.
        Assert.Contains(errors, static line => line.Contains("The stopwatch has begun.", StringComparison.Ordinal));
        Assert.Contains(errors, static line => line.Contains("What is printed", StringComparison.Ordinal));
        Assert.Contains(errors, static line => line.Contains("Application is shutting down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task VectorSearch()
    {
        await using var client = await Sample.ConnectAsync("VectorSearch");

        var found = (await client.CallAsync("find_similar", """{"item":7,"count":5}""")).Split('\n').Select(static line => line.Split(": ")).ToList();

        // 6 and 7 are a pair; nothing else resembles either.
        Assert.Equal(5, found.Count);
        Assert.Equal("6", found[0][0]);
        var scores = found.Select(static line => double.Parse(line[1], CultureInfo.InvariantCulture)).ToList();
        Assert.InRange(scores[0], 0.98, 1);
        Assert.All(scores.Skip(1), static score => Assert.InRange(score, 0.2, 0.6));
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Contains("from 0 to 39999", await client.CallAsync("find_similar", """{"item":40000}"""), StringComparison.Ordinal);
    }
}
