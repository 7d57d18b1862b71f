using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Peregrine.Cli.Running;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Http;

namespace Peregrine.Cli.Serving;

/// <summary>`peregrine serve --urls URL`: the sample server over HTTP, at /mcp.</summary>
internal static class ServeHttp
{
    internal static async Task<int> RunAsync(string urls, int tools, CancellationToken cancellationToken)
    {
        var builder = WebHost.CreateBuilder(urls);
        await using var app = builder.Build();
        var server = SampleServer.Describe(tools).UseServices(app.Services).Build();
        app.MapPeregrine("/mcp", server, HttpFrontOptions.Default with { SsePath = "/sse" });
        app.MapGet("/health", static () => Results.Text("ok\n"));
        return await WebHost.RunAsync(app, urls, "/mcp", hasPage: false, cancellationToken).ConfigureAwait(false);
    }
}
