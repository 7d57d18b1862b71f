#if !DEBUG
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.AspNetCore.Tests.Sessions;

namespace Peregrine.Server.AspNetCore.Tests.Allocation;

/// <summary>
/// What a call over HTTP allocates beyond an endpoint of the same host that reads the body and answers the same bytes: the host's share and the client's are in both, and cancel
/// out. In Release builds only.
/// </summary>
[Collection(nameof(MeasuredAlone))]
[Trait("Category", "Allocation")]
public sealed class HttpAllocationTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 1000)]
    public async Task ASmallCallAllocatesAtMost500BytesBeyondTheHost(bool stateless, int tools)
    {
        var (own, bare) = await MeasureAsync(stateless, tools, "hello", calls: 5000);

        Assert.InRange(own - bare, 0, 500);
    }

    [Fact]
    public async Task ACallInASessionAllocatesNextToNothingMore()
    {
        var (own, bare) = await MeasureAsync(stateless: false, 1, "hello", calls: 5000, inSession: true);

        Assert.InRange(own - bare, 0, 600);
    }

    [Fact]
    public async Task ALargeEchoAllocatesTheStringThatTheToolReceives()
    {
        var (own, bare) = await MeasureAsync(stateless: true, 1, new string('x', 100_000), calls: 300);

        Assert.InRange(own - bare, 200_000, 201_024);
    }

    private static async Task<(double Own, double Bare)> MeasureAsync(bool stateless, int tools, string text, int calls, bool inSession = false)
    {
        var builder = PeregrineServer.CreateBuilder("t", "1").AddTools(new EchoTools());
        for (var i = 1; i < tools; i++)
        {
            builder.AddTool(new DelegateTool(string.Create(CultureInfo.InvariantCulture, $"tool_{i}"), static _ => { }));
        }

        var server = builder.Configure(static options => options with { BlockingThreshold = TimeSpan.FromHours(1) }).Build();
        byte[] answer = [];
        await using var site = await TestSite.StartAsync(app =>
        {
            app.MapPeregrine("/mcp", server);
            app.Map("/bare", context => AnswerAsync(context, answer));
        });
        var arguments = $$"""{"message":"{{text}}"}""";
        var body = stateless ? TestSite.Call("echo", arguments) : TestSite.SessionCall("echo", arguments);
        var head = stateless
            ? RawHttp.Head(body.Length, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: echo")
            : RawHttp.Head(body.Length, inSession ? ["MCP-Protocol-Version: 2025-11-25", $"Mcp-Session-Id: {(await TestSession.OpenAsync(site)).Id}"] : ["MCP-Protocol-Version: 2025-11-25"]);
        answer = Encoding.UTF8.GetBytes(await site.Client.SendAsync(stateless ? TestSite.PostStateless("tools/call", "echo", body) : TestSite.Post(body))
            .Result.Content.ReadAsStringAsync());

        return await Task.Factory.StartNew(() =>
        {
            var (own, bare) = (double.PositiveInfinity, double.PositiveInfinity);
            for (var attempt = 0; attempt < 4; attempt++)
            {
                own = Math.Min(own, Measure(site.Address.Port, head + body, calls));
                bare = Math.Min(bare, Measure(site.Address.Port, head.Replace("/mcp", "/bare", StringComparison.Ordinal) + body, calls));
            }

            return (own, bare);
        }, TaskCreationOptions.LongRunning);
    }

    // Synchronous calls on a socket allocate nothing.
    private static double Measure(int port, string request, int calls)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        var bytes = Encoding.UTF8.GetBytes(request);
        var buffer = new byte[1 << 20];
        var length = Exchange(socket, bytes, buffer, 0);
        for (var i = 0; i < calls; i++)
        {
            Exchange(socket, bytes, buffer, length);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < calls; i++)
        {
            Exchange(socket, bytes, buffer, length);
        }

        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / calls;
    }

    // All responses have the length of the first, which ends with the message's last brace.
    private static int Exchange(Socket socket, byte[] request, byte[] buffer, int length)
    {
        for (var sent = 0; sent < request.Length;)
        {
            sent += socket.Send(request.AsSpan(sent), SocketFlags.None);
        }

        var received = 0;
        while (length == 0 ? !buffer.AsSpan(0, received).EndsWith("}}"u8) : received < length)
        {
            var count = socket.Receive(buffer.AsSpan(received), SocketFlags.None);
            if (count == 0)
            {
                Assert.Fail("The server has closed the connection.");
            }

            received += count;
        }

        return received;
    }

    private static async Task AnswerAsync(HttpContext context, byte[] answer)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                break;
            }
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer);
    }
}
#endif
