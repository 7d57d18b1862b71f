using System.Text;
using Peregrine.Client;
using Peregrine.Protocol.Versions;
using Peregrine.Testing.Links;
using Peregrine.Transport.Connections;

namespace Peregrine.Testing.Tests.Links;

/// <summary>The link that loses messages.</summary>
public sealed class LossyLinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task WithoutFaultsEverythingArrivesOnceAndInOrder()
    {
        Assert.Equal(Enumerable.Range(0, 100), await SendAsync(LinkFaults.None));
    }

    [Fact]
    public async Task TheSameSeedLosesTheSameMessages()
    {
        var faults = new LinkFaults { Seed = 7, Drop = 0.2, Duplicate = 0.2, Reorder = 0.2 };

        var first = await SendAsync(faults);

        Assert.Equal(first, await SendAsync(faults));
        Assert.NotEqual(first, await SendAsync(faults with { Seed = 8 }));
        Assert.InRange(first.Distinct().Count(), 60, 95);
        Assert.True(first.Count > first.Distinct().Count(), "Nothing came twice.");
        Assert.True(first.Zip(first.Skip(1)).Any(static pair => pair.First > pair.Second), "Everything came in order.");
    }

    [Fact]
    public async Task WhatIsSparedArrives()
    {
        Assert.Equal(Enumerable.Range(0, 100).Where(static number => number % 10 == 0),
            await SendAsync(new LinkFaults { Drop = 1, Spare = static line => line.Span.IndexOf((byte)'0') >= 0 && line.Span[^2] == (byte)'0' }));
    }

    [Fact]
    public async Task ItBreaksInTheMiddleOfAMessage()
    {
        var link = LossyLink.Create(new LinkFaults { BreakIn = 2 });
        await link.Client.Output.WriteAsync("first\nsecond\nthird\n"u8.ToArray());

        using var reader = new StreamReader(link.Server.Input);

        Assert.Equal("first\nsec", await reader.ReadToEndAsync().WaitAsync(Patience));
    }

    [Fact]
    public async Task ACallWhoseReplyIsLostTimesOutAndTheNextSucceeds()
    {
        var lost = 0;
        var options = new McpTestOptions
        {
            Client = new PeregrineClientOptions { Era = ProtocolEra.Session, RequestTimeout = TimeSpan.FromMilliseconds(300) },
            Link = new LinkFaults { Drop = 1, Spare = line => !line.Span.StartsWith("{\"jsonrpc\":\"2.0\",\"id\":"u8) || line.Span.IndexOf("Hello, Bob"u8) < 0 || Interlocked.Increment(ref lost) > 1 },
        };
        await using var app = await McpTest.StartAsync(static server => server.AddTools<ClockTools>(), options);

        var exception = await Assert.ThrowsAsync<McpTransportException>(() => app.CallTextAsync("greet", """{"name":"Bob"}"""));
        Assert.True(exception.MayHaveRun);
        Assert.Equal("Hello, Bob!", await app.CallTextAsync("greet", """{"name":"Bob"}"""));
    }

    [Fact]
    public void FaultySettingsAreNamedTogether()
    {
        var exception = Assert.Throws<ArgumentException>(static () => LossyLink.Create(new LinkFaults { Drop = 2, Reorder = double.NaN, BreakIn = 0 }));

        Assert.Contains("Drop", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Reorder", exception.Message, StringComparison.Ordinal);
        Assert.Contains("BreakIn", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<List<int>> SendAsync(LinkFaults faults)
    {
        var link = LossyLink.Create(faults);
        await link.Client.Output.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(static number => $"{number}\n"))));
        await link.Client.Output.DisposeAsync();
        using var reader = new StreamReader(link.Server.Input);
        return [.. (await reader.ReadToEndAsync().WaitAsync(Patience)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }
}
