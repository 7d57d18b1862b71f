#if !DEBUG
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Server.Duplex;
using Peregrine.Server.Stdio;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Allocation;

/// <summary>What a call on a connection allocates. In Release builds only: others allocate what an optimiser removes.</summary>
[Collection(nameof(MeasuredAlone))]
[Trait("Category", "Allocation")]
public sealed class DuplexAllocationTests
{
    private const int LargeCharacters = 100_000;

    [Theory]
    [InlineData(Wire.Stdio, false, 1, 1)]
    [InlineData(Wire.Stdio, true, 1, 1)]
    [InlineData(Wire.Stdio, false, 1000, 1)]
    [InlineData(Wire.Stdio, true, 1000, 1)]
    [InlineData(Wire.Stdio, false, 1, 64)]
    [InlineData(Wire.Stdio, true, 1000, 64)]
    [InlineData(Wire.Stream, false, 1, 1)]
    [InlineData(Wire.Stream, true, 1000, 1)]
    [InlineData(Wire.Stream, true, 1000, 64)]
    public async Task ASmallCallAllocatesAtMost300Bytes(Wire wire, bool stateless, int tools, int inFlight)
    {
        var perCall = await MeasureAsync(wire, stateless, tools, inFlight, "hello", calls: 20_000);

        Assert.InRange(perCall, 0, 300);
    }

    [Theory]
    [InlineData(Wire.Stdio, false)]
    [InlineData(Wire.Stdio, true)]
    [InlineData(Wire.Stream, false)]
    public async Task ALargeEchoAllocatesTheStringThatTheToolReceives(Wire wire, bool stateless)
    {
        var perCall = await MeasureAsync(wire, stateless, 1, 1, new string('x', LargeCharacters), calls: 500);

        Assert.InRange(perCall, 2 * LargeCharacters, (2 * LargeCharacters) + 1024);
    }

    private static async Task<double> MeasureAsync(Wire wire, bool stateless, int tools, int inFlight, string text, int calls)
    {
        var builder = PeregrineServer.CreateBuilder("t", "1").AddTools(new EchoTools());
        for (var i = 1; i < tools; i++)
        {
            builder.AddTool(new DelegateTool($"tool_{i}", static _ => { }));
        }

        // A call that had to wait for its core must not move the tool to other threads in the middle of the measurement.
        var server = builder.Configure(static options => options with { BlockingThreshold = TimeSpan.FromHours(1) }).Build();
        var messages = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, inFlight).Select(i => Message(stateless, i, text) + "\n")));
        using var peer = new RoundTrips(inFlight);
        Task serving;
        Action end;
        if (wire == Wire.Stdio)
        {
            var channel = new RoundTrips.Channel(peer, messages);
            end = channel.End;
            serving = ServeAsync(server, channel);
        }
        else
        {
            var stream = new RoundTrips.Duplex(peer, messages);
            end = stream.End;
            serving = server.ServeAsync(stream, stream);
        }

        var least = await Task.Factory.StartNew(() => Least(peer, calls / inFlight), TaskCreationOptions.LongRunning);
        end();
        await serving.WaitAsync(TestPeer.Patience);
        return least / inFlight;
    }

    private static async Task ServeAsync(PeregrineServer server, RoundTrips.Channel channel)
    {
        using var stdio = new StdioServer(server, channel, DuplexOptions.Default, server.Scheduler, NullLogger.Instance);
        await stdio.RunAsync(TimeProvider.System, CancellationToken.None);
    }

    // The best of several tries, for the runtime allocates by itself now and then.
    private static double Least(RoundTrips peer, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            peer.Run();
        }

        var least = double.PositiveInfinity;
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < rounds; i++)
            {
                peer.Run();
            }

            least = Math.Min(least, (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / rounds);
        }

        return least;
    }

    private static string Message(bool stateless, int id, string text)
    {
        var arguments = $$"""{"message":"{{text}}"}""";
        return stateless ? Messages.StatelessCall("echo", $"{id}", arguments) : Messages.Call("echo", $"{id}", arguments);
    }
}
#endif
