using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Draining;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Tests.Allocation;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Clients;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>What sessions and streams hold on to while nothing happens.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class SessionMemoryTests
{
    [Fact]
    public async Task AnIdleSessionRetainsLessThanAKilobyte()
    {
        const int Count = 20_000;
        var sessions = new HttpSessions(HttpSessionOptions.Default with { MaxOpeningsPerSecond = 1_000_000 }, TimeProvider.System, ThreadPoolScheduler.Instance, NullLogger.Instance);
        await OpenAsync(sessions, 100);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await OpenAsync(sessions, Count);

        var each = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        TestContext.Current.SendDiagnosticMessage($"{each:F0} bytes a session");
        Assert.InRange(each, 50, 1024);
        Assert.Equal(Count + 100, sessions.Count);
        sessions.Stop();
    }

    // Beyond an endpoint of the same host that only keeps its response open: the client's share and the host's are in both.
    [Fact]
    public async Task AnOpenStreamRetainsLittleBeyondTheHost()
    {
        const int Count = 200;
        var front = new HttpFront(PeregrineServer.CreateBuilder("t", "1").Build(), HttpFrontOptions.Default, new ServerDrain(), NullLogger.Instance);
        await using var site = await TestSite.StartAsync(app =>
        {
            app.Map("/mcp", front.HandleAsync);
            app.Map("/bare", KeepOpenAsync);
        });
        var sockets = new List<RawHttp>();
        try
        {
            await OpenStreamsAsync(site, sockets, 20, "/mcp");
            await OpenStreamsAsync(site, sockets, 20, "/bare");
            var threads = ThreadPool.ThreadCount;
            List<double> owns = [], bares = [];
            double? own, bare;
            while ((own = LiveHeap.Agreed(owns)) is null | (bare = LiveHeap.Agreed(bares)) is null)
            {
                Assert.True(owns.Count < 12, $"No three figures agree: {string.Join(", ", owns)} and {string.Join(", ", bares)}.");
                bares.Add(await MeasureAsync(site, sockets, Count, "/bare"));
                owns.Add(await MeasureAsync(site, sockets, Count, "/mcp"));
            }

            TestContext.Current.SendDiagnosticMessage($"{own - bare:F0} bytes an open stream beyond the host's {bare:F0}, its session included");
            Assert.Equal((owns.Count * Count) + 20, front.Sessions!.OpenConnections);
            Assert.InRange(own!.Value - bare!.Value, double.NegativeInfinity, 4096);
            Assert.True(ThreadPool.ThreadCount < threads + 20);
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
            front.Stop();
        }
    }

    private static async Task KeepOpenAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.UnsafeRegister(static state => ((TaskCompletionSource)state!).SetResult(), gone);
        EventConnection.SetHeaders(context.Response);
        await context.Response.BodyWriter.WriteAsync("data:\n\n"u8.ToArray());
        await gone.Task;
    }

    private static async Task<double> MeasureAsync(TestSite site, List<RawHttp> sockets, int count, string path)
    {
        var before = LiveHeap.Measure();
        await OpenStreamsAsync(site, sockets, count, path);
        return (double)(LiveHeap.Measure() - before) / count;
    }

    private static async Task OpenAsync(HttpSessions sessions, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await sessions.AddAsync(sessions.TryCreate(ProtocolVersion.V2025_11_25, McpClientCapabilities.None, null, null)!);
        }
    }

    private static async Task OpenStreamsAsync(TestSite site, List<RawHttp> sockets, int count, string path)
    {
        for (var i = 0; i < count; i++)
        {
            var id = path == "/mcp" ? (await TestSession.OpenAsync(site)).Id : "none";
            var socket = await site.ConnectAsync();
            sockets.Add(socket);
            await socket.SendAsync($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nMcp-Session-Id: {id}\r\n\r\n");
            await socket.ReceiveAsync(static text => text.Contains("data:", StringComparison.Ordinal));
        }
    }
}
