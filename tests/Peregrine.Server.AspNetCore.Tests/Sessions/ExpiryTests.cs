using System.Net;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Clients;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>Sessions end when their time is over, and leave nothing behind.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task AnIdleOneEndsAndAUsedOneDoesNot()
    {
        var time = new ManualTime();
        await using var site = await SessionSite.StartAsync(HttpSessionOptions.Default, time);
        var (used, idle) = (await site.OpenAsync(), await site.OpenAsync());

        for (var minute = 0; minute < 40; minute++)
        {
            time.Advance(AMinute);
            Assert.Equal("{}", (await used.CallAsync("echo")).Text());
        }

        using var response = await idle.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(1, site.Sessions.Count);
    }

    [Fact]
    public async Task AnOpenStreamAndACallInFlightAreUse()
    {
        var time = new ManualTime();
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await SessionSite.StartAsync(HttpSessionOptions.Default, time, new DelegateTool("wait", async call =>
        {
            started.SetResult();
            await release.Task;
            call.ReturnText("done");
        }));
        var (reading, calling) = (await site.OpenAsync(), await site.OpenAsync());
        using var stream = await reading.ReadAsync();
        var call = calling.CallAsync("wait");
        await started.Task.WaitAsync(TestSite.Patience);

        Advance(time, TimeSpan.FromHours(2));

        Assert.Equal(2, site.Sessions.Count);
        release.SetResult();
        Assert.Equal("done", (await call).Text());
        Advance(time, TimeSpan.FromMinutes(32));
        Assert.Equal(1, site.Sessions.Count);
    }

    [Fact]
    public async Task AnOldOneEndsThoughItIsRead()
    {
        var time = new ManualTime();
        await using var site = await SessionSite.StartAsync(HttpSessionOptions.Default, time);
        var session = await site.OpenAsync();
        using var stream = await session.ReadAsync();

        Advance(time, TimeSpan.FromHours(25));

        Assert.Equal(0, site.Sessions.Count);
        while (await stream.TryNextAsync() is { } next)
        {
            Assert.Null(next.Id is not null && next.Data?.Length > 0 ? next : null);
        }
    }

    [Fact]
    public async Task TenThousandExpiredOnesLeaveNothingBehind()
    {
        var time = new ManualTime();
        var sessions = new HttpSessions(HttpSessionOptions.Default with { MaxOpeningsPerSecond = 1_000_000 }, time, Observability.Scheduling.ThreadPoolScheduler.Instance,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var weak = new WeakReference[10_000];
        await OpenAsync(sessions, weak);
        Assert.Equal(weak.Length, sessions.Count);
        Assert.True(sessions.Kept.Taken > 0);

        Advance(time, TimeSpan.FromMinutes(32));

        Assert.Equal(0, sessions.Count);
        Assert.Equal(0, sessions.Kept.Taken);
        Assert.Equal(1, time.Timers);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.DoesNotContain(weak, static session => session.IsAlive);
        sessions.Stop();
        Assert.Equal(0, time.Timers);
    }

    // Apart, so that no local keeps a session alive.
    private static async Task OpenAsync(HttpSessions sessions, WeakReference[] weak)
    {
        for (var i = 0; i < weak.Length; i++)
        {
            var session = sessions.TryCreate(ProtocolVersion.V2025_11_25, McpClientCapabilities.None, null, null)!;
            await sessions.AddAsync(session);
            Assert.True(session.TrySend("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}"u8));
            weak[i] = new WeakReference(session);
        }
    }

    private static void Advance(ManualTime time, TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += AMinute)
        {
            time.Advance(AMinute);
        }
    }
}
