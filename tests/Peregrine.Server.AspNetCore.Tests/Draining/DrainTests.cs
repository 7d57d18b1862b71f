using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Draining;

/// <summary>From the moment when the process is asked to end until it does.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task CallsInFlightEndAndNewOnesAreRefused()
    {
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await TestSite.StartAsync(app => Map(app, new DelegateTool("wait", async call =>
        {
            entered.TrySetResult();
            await gate.Task;
            call.ReturnText("done");
        })));
        var inFlight = site.Client.SendAsync(TestSite.PostStateless("tools/call", "wait", TestSite.Call("wait")));
        await entered.Task.WaitAsync(TestSite.Patience);

        site.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        using var refused = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "wait", TestSite.Call("wait")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("1", refused.Headers.RetryAfter!.ToString());
        Assert.Contains("\"code\":4006,", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var ready = await site.Client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("""{"status":"live"}""", await site.Client.GetStringAsync("/health/live"));

        gate.SetResult();
        using var reply = await inFlight;
        Assert.Contains("done", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static void Map(IEndpointRouteBuilder app, DelegateTool tool)
    {
        var server = PeregrineServer.CreateBuilder("test", "1").AddTool(tool).Build();
        app.MapPeregrine("/mcp", server);
        app.MapPeregrineMonitoring(server);
    }
}
