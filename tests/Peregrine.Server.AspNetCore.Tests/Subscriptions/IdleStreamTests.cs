#if !DEBUG
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Allocation;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Subscriptions;

/// <summary>
/// What an idle listen stream keeps beyond a bare endpoint of the same host that has sent as much and waits for its caller to go. In Release builds only.
/// </summary>
[Collection(nameof(MeasuredAlone))]
[Trait("Category", "Allocation")]
public sealed class IdleStreamTests
{
    private const int Streams = 500;

    [Theory]
    [InlineData("""{"toolsListChanged":true}""", 1024)]
    [InlineData("""{"resourceSubscriptions":["test://own/STREAM"]}""", 2048)]
    public async Task KeepsLittleBeyondTheHost(string notifications, int limit)
    {
        var server = Listening.Server();
        await using var site = await TestSite.StartAsync(app =>
        {
            app.MapPeregrine("/mcp", server);
            app.Map("/bare", WaitAsync);
        });
        // Nothing is closed meanwhile: what a connection leaves for the next would blur the figures.
        List<Socket> open = [];
        try
        {
            // What earlier tests left is given back at times of its own, and what all streams share grows in steps: either spoils a figure now and then. Measured until three of each kind agree.
            List<double> owns = [], bares = [];
            double? own, bare;
            while ((own = LiveHeap.Agreed(owns)) is null | (bare = LiveHeap.Agreed(bares)) is null)
            {
                Assert.True(owns.Count < 12, $"No three figures agree: {string.Join(", ", owns)} and {string.Join(", ", bares)}.");
                bares.Add(await OpenAsync(site, "/bare", notifications, open));
                owns.Add(await OpenAsync(site, "/mcp", notifications, open));
            }

            Assert.Equal(owns.Count * Streams, server.OpenSubscriptions);
            TestContext.Current.SendDiagnosticMessage($"An idle stream keeps {own:F0} bytes, a bare one {bare:F0}.");
            Assert.InRange(own!.Value - bare!.Value, double.NegativeInfinity, limit);
        }
        finally
        {
            open.ForEach(static socket => socket.Dispose());
        }
    }

    // The bytes of one stream, with the host's and the client's share.
    private static async Task<double> OpenAsync(TestSite site, string path, string notifications, List<Socket> open)
    {
        var buffer = new byte[8192];
        var before = LiveHeap.Measure();
        for (var i = 0; i < Streams; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            open.Add(socket);
            await socket.ConnectAsync(IPAddress.Loopback, site.Address.Port);
            var request = ListenTests.Raw(notifications.Replace("STREAM", $"{open.Count}", StringComparison.Ordinal), $"{i}").Replace("/mcp", path, StringComparison.Ordinal);
            await socket.SendAsync(Encoding.UTF8.GetBytes(request));
            for (var length = 0; !buffer.AsSpan(0, length).EndsWith("\n\n\r\n"u8);)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(length)).AsTask().WaitAsync(TestSite.Patience);
                Assert.NotEqual(0, count);
                length += count;
            }
        }

        return (double)(LiveHeap.Measure() - before) / Streams;
    }

    private static async Task WaitAsync(HttpContext context)
    {
        while (true)
        {
            var result = await context.Request.BodyReader.ReadAsync();
            context.Request.BodyReader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                break;
            }
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var gone = context.RequestAborted.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), ended);
        context.Response.ContentType = "text/event-stream";
        await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes("event: message\ndata: {}\n\n"));
        await ended.Task;
    }
}
#endif
