using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.Stdio;

namespace Peregrine.Conformance.Server;

/// <summary>
/// The server that the official conformance suite is run against: `--urls URL` serves both eras at /mcp, `--stdio` on standard input and output. It uses what any user of the
/// libraries can use, and nothing else.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["--stdio"]:
                await FixtureServer.Build().RunStdioAsync();
                return 0;
            case ["--urls", var urls]:
                await ServeAsync(urls);
                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: Peregrine.Conformance.Server --urls URL | --stdio");
                return 2;
        }
    }

    private static async Task ServeAsync(string urls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.Logging.ClearProviders()
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning);
        await using var app = builder.Build();
        app.MapPeregrine("/mcp", FixtureServer.Build(app.Services));
        await app.StartAsync();
        foreach (var address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)
        {
            await Console.Error.WriteLineAsync($"MCP at {address}/mcp");
        }

        await app.WaitForShutdownAsync();
    }
}
