using Peregrine.Server.Duplex;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Allocation;

/// <summary>What is rented from the shared pools is given back, however a call ends.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class BufferBalanceTests
{
    private const int Rounds = 20;
    private const int Calls = 20;

    // Other code of the process rents as well, now and then. A buffer lost with each connection would be 20, one lost with each call 400.
    private const int Tolerance = 8;

    [Theory]
    [InlineData("answered")]
    [InlineData("answered in the stateless era")]
    [InlineData("answered at length")]
    [InlineData("failed")]
    [InlineData("thrown")]
    [InlineData("thrown after a rented writer was written to")]
    [InlineData("refused")]
    [InlineData("no JSON")]
    [InlineData("with progress")]
    [InlineData("cancelled")]
    [InlineData("left behind")]
    public async Task WhatIsRentedIsGivenBack(string kind)
    {
        using var buffers = new RentedBuffers();
        await RunAsync(kind);
        await RunAsync(kind);
        var before = buffers.Outstanding;

        for (var round = 0; round < Rounds; round++)
        {
            await RunAsync(kind);
        }

        Assert.InRange(buffers.Outstanding - before, -Tolerance, Tolerance);
    }

    [Fact]
    public void ALostBufferIsSeen()
    {
        using var buffers = new RentedBuffers();
        var before = buffers.Outstanding;

        for (var i = 0; i < Rounds; i++)
        {
            _ = System.Buffers.ArrayPool<byte>.Shared.Rent(100);
        }

        Assert.InRange(buffers.Outstanding - before, Rounds - Tolerance, Rounds + Tolerance);
    }

    private static async Task RunAsync(string kind)
    {
        var server = TestServer.With(
            new DelegateTool("long", static call => call.ReturnText(new string('x', 200_000))),
            new DelegateTool("failed", static call => call.ReturnToolError("no")),
            new DelegateTool("thrown", static async call =>
            {
                await Task.Yield();
                throw new McpToolException("no");
            }),
            new DelegateTool("rented", static call =>
            {
                call.RentWriter().Write(new byte[50_000]);
                throw new McpToolException("no");
            }),
            new DelegateTool("steps", static async call =>
            {
                await call.ReportProgressAsync(1);
                call.ReturnText("done");
            }),
            new DelegateTool("wait", static call => new ValueTask(Task.Delay(Timeout.Infinite, call.CancellationToken))));

        // Calls that are left behind are waited for at the end of each connection, for nothing.
        await using var peer = TestPeer.Start(server, options: DuplexOptions.Default with { DrainTime = TimeSpan.FromMilliseconds(250) });
        for (var i = 1; i <= Calls; i++)
        {
            var id = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            switch (kind)
            {
                case "answered":
                    await peer.AskAsync(Messages.Call("echo", id, """{"message":"hello"}"""));
                    break;
                case "answered in the stateless era":
                    await peer.AskAsync(Messages.StatelessCall("echo", id, """{"message":"hello"}"""));
                    break;
                case "answered at length":
                    await peer.AskAsync(Messages.Call("long", id));
                    break;
                case "failed" or "thrown":
                    await peer.AskAsync(Messages.Call(kind, id));
                    break;
                case "thrown after a rented writer was written to":
                    await peer.AskAsync(Messages.Call("rented", id));
                    break;
                case "refused":
                    await peer.AskAsync(Messages.Call("nothing of that name", id));
                    break;
                case "no JSON":
                    await peer.AskAsync("{\"jsonrpc\":\"2.0\",\"id\":}");
                    break;
                case "with progress":
                    await peer.AskAsync(Messages.CallWithProgress("steps", "1", id));
                    await peer.ReceiveAsync();
                    break;
                case "cancelled":
                    await peer.SendAsync(Messages.Call("wait", id));
                    await peer.SendAsync(Messages.Cancel(id));
                    await peer.AssertQuietAsync();
                    break;
                default:
                    await peer.SendAsync(Messages.Call("wait", id));
                    break;
            }
        }

        if (kind != "left behind")
        {
            await peer.EndAsync();
        }
    }
}
