using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Legacy;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Legacy;

/// <summary>An application with HTTP+SSE at <c>/sse</c>, into which a test can look.</summary>
internal sealed class LegacySite(TestSite site, SseFront front) : IAsyncDisposable
{
    internal TestSite Site => site;

    internal SseFront Front => front;

    internal static Task<LegacySite> StartAsync(params McpToolHandler[] tools) => StartAsync(HttpFrontOptions.Default, tools);

    internal static async Task<LegacySite> StartAsync(HttpFrontOptions options, params McpToolHandler[] tools)
    {
        var builder = PeregrineServer.CreateBuilder("test-server", "1.2.3").AddTool(new DelegateTool("echo", static call => call.ReturnText(call.RawArguments.Span)));
        foreach (var tool in tools)
        {
            builder.AddTool(tool);
        }

        builder.Configure(static server => server with { BlockingThreshold = TimeSpan.FromHours(1) });
        SseFront? front = null;
        var site = await TestSite.StartAsync(app =>
        {
            var loggers = app.ServiceProvider.GetRequiredService<ILoggerFactory>();
            front = new SseFront(builder.UseLogging(loggers).Build(), options, loggers.CreateLogger("Sse"));
            app.Map("/sse", front.HandleAsync);
        });
        return new LegacySite(site, front!);
    }

    internal Task<LegacyClient> OpenAsync() => LegacyClient.OpenAsync(site);

    public async ValueTask DisposeAsync()
    {
        front.Stop();
        await site.DisposeAsync();
    }
}
