using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Peregrine.Cli.Running;

/// <summary>The web server of `serve` and `up`.</summary>
internal static class WebHost
{
    /// <summary>Makes the builder.</summary>
    /// <param name="listening">Where to listen.</param>
    /// <param name="staysOnThread">
    /// True where nothing that answers requests holds its thread: then a request is taken on where its bytes were read, and its reply sent where that was made, without a hop to another thread for each.
    /// </param>
    internal static WebApplicationBuilder CreateBuilder(Listening listening, bool staysOnThread = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        KestrelEndpoints.Configure(builder.WebHost, listening);
        if (staysOnThread)
        {
            builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        }

        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);

        // Standard output is for results; log records go to standard error. The hosting category is off: while it is on, every request pays for an Activity.
        builder.Logging.ClearProviders()
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.None);
        if (listening.Front.AllowedOrigins is { Count: > 0 } origins)
        {
            builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => Allow(policy, origins)));
        }

        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        return builder;
    }

    /// <summary>Builds the application; pages of allowed origins may read its replies.</summary>
    internal static WebApplication Build(WebApplicationBuilder builder, Listening listening)
    {
        var app = builder.Build();
        if (listening.Front.AllowedOrigins.Count > 0)
        {
            app.UseCors();
        }

        return app;
    }

    /// <summary>Runs until asked to end.</summary>
    /// <returns>The exit code: 3 where the address cannot be had.</returns>
    internal static async Task<int> RunAsync(WebApplication app, string urls, string path, bool hasPage, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Asked to end while it started; the host may have heard of it before this method's caller.
            return ExitCodes.Fine;
        }
        catch (Exception exception) when (exception is IOException or SocketException or AddressInUseException or FormatException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"peregrine: cannot listen on {urls}: {exception.Message} Choose another address with --urls.").ConfigureAwait(false);
            return ExitCodes.NotReached;
        }

        foreach (var address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            await Console.Error.WriteLineAsync($"MCP at {address}{path}{(hasPage ? $", page at {address}/" : "")}").ConfigureAwait(false);
        }

        await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        return ExitCodes.Fine;
    }

    // The headers that a client in a browser sends and has to read (2025-11-25 and 2026-07-28, Streamable HTTP).
    private static void Allow(CorsPolicyBuilder policy, IReadOnlyList<string> origins)
    {
        policy.WithMethods("GET", "POST", "DELETE").AllowAnyHeader().WithExposedHeaders("Mcp-Session-Id", "MCP-Protocol-Version", "Retry-After", "WWW-Authenticate");
        if (origins.Contains("*"))
        {
            policy.AllowAnyOrigin();
        }
        else
        {
            policy.WithOrigins([.. origins]);
        }
    }
}
