using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Server.AspNetCore.Draining;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>An application whose sessions a test can look into.</summary>
internal sealed class SessionSite : IAsyncDisposable
{
    private SessionSite(TestSite site, HttpFront front)
    {
        Site = site;
        Front = front;
    }

    internal TestSite Site { get; }

    internal HttpFront Front { get; }

    internal HttpSessions Sessions => Front.Sessions!;

    internal static Task<SessionSite> StartAsync(params McpToolHandler[] tools) => StartAsync(HttpFrontOptions.Default, tools);

    internal static Task<SessionSite> StartAsync(HttpSessionOptions options, ManualTime time, params McpToolHandler[] tools) =>
        StartAsync(HttpFrontOptions.Default with { Sessions = options, TimeProvider = time }, tools);

    internal static Task<SessionSite> StartAsync(HttpFrontOptions options, params McpToolHandler[] tools) => StartAsync(options, HttpProtocols.Http1, tools);

    /// <summary>Over HTTP/2 in clear where <paramref name="protocols"/> says so.</summary>
    internal static async Task<SessionSite> StartAsync(HttpFrontOptions options, HttpProtocols protocols, params McpToolHandler[] tools)
    {
        var builder = PeregrineServer.CreateBuilder("test-server", "1.2.3").AddTool(new DelegateTool("echo", static call => call.ReturnText(call.RawArguments.Span)));
        foreach (var tool in tools)
        {
            builder.AddTool(tool);
        }

        builder.Configure(static server => server with { BlockingThreshold = TimeSpan.FromHours(1) });
        HttpFront? front = null;
        var site = await TestSite.StartAsync(app =>
        {
            var loggers = app.ServiceProvider.GetRequiredService<ILoggerFactory>();
            front = new HttpFront(builder.UseLogging(loggers).Build(), options, new ServerDrain(), loggers.CreateLogger("Sessions"));
            app.Map("/mcp", front.HandleAsync);
        }, services => services.Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols)));
        if (protocols == HttpProtocols.Http2)
        {
            (site.Client.DefaultRequestVersion, site.Client.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        }

        return new SessionSite(site, front!);
    }

    /// <summary>A client that has said <c>initialize</c>.</summary>
    internal Task<TestSession> OpenAsync(string version = "2025-11-25", string capabilities = "{}") => TestSession.OpenAsync(Site, version, capabilities);

    /// <summary>The server's end of a client's session.</summary>
    internal HttpSession EndOf(TestSession session) => Sessions.Find(session.Id) ?? throw new InvalidOperationException("The session has ended.");

    public async ValueTask DisposeAsync()
    {
        Front.Stop();
        await Site.DisposeAsync();
    }
}
