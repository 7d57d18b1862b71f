using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Peregrine.Cli.Running;
using Peregrine.Server.AspNetCore.Hosting;

namespace Peregrine.Cli.Serving;

/// <summary>`peregrine serve --urls URL`: the sample server over HTTP, at /mcp.</summary>
internal static class ServeHttp
{
    internal static async Task<int> RunAsync(Listening listening, int tools, bool bench, CancellationToken cancellationToken)
    {
        var builder = WebHost.CreateBuilder(listening);
        await using var app = WebHost.Build(builder, listening);
        var description = SampleServer.Describe(tools).UseServices(app.Services);
        using var benchTools = new BenchTools();
        if (bench)
        {
            benchTools.AddTo(description, () => new Uri(app.Urls.First()));
            BenchTools.MapApi(app);
        }

        var server = description.Build();
        benchTools.Serve(server);
        app.MapPeregrine("/mcp", server, listening.Front with { SsePath = "/sse" });
        app.MapPeregrineMonitoring(server, listening.Front);
        return await WebHost.RunAsync(app, listening.Urls, "/mcp", hasPage: false, cancellationToken).ConfigureAwait(false);
    }
}
