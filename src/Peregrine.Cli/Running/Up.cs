using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Cli.Exporting;
using Peregrine.Cli.Serving;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Duplex;
using Peregrine.Server.Stdio;
using Peregrine.Transport.Stdio;

namespace Peregrine.Cli.Running;

/// <summary>`peregrine up`: the gateway.</summary>
internal static class Up
{
    internal static async Task<int> RunAsync(string? config, Func<string, Listening> listen, bool stdio, CancellationToken cancellationToken)
    {
        // Signals are handled from when this method first returns: before that, nothing may be started that would be left behind.
        await Task.Yield();
        var configuration = new GatewayConfiguration();
        if (config is not null)
        {
            var result = await GatewayConfigurationReader.ReadFileAsync(config, cancellationToken).ConfigureAwait(false);
            foreach (var problem in result.Errors.Select(static error => error.ToString()).Concat(result.Warnings.Select(static warning => $"{warning} (warning)")))
            {
                await Console.Error.WriteLineAsync(problem).ConfigureAwait(false);
            }

            if (!result.IsValid)
            {
                await Console.Error.WriteLineAsync($"peregrine: {config} has {result.Errors.Length} {(result.Errors.Length == 1 ? "error" : "errors")}; nothing was started.").ConfigureAwait(false);
                return ExitCodes.BadUsage;
            }

            configuration = result.Configuration;
        }

        return stdio
            ? await RunStdioAsync(configuration, config, cancellationToken).ConfigureAwait(false)
            : await RunHttpAsync(configuration, config, listen(string.Join(';', configuration.Urls)), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> RunHttpAsync(GatewayConfiguration configuration, string? config, Listening listening, CancellationToken cancellationToken)
    {
        if (!configuration.Policies.HasOnce)
        {
            // A ledger writes its journal on the thread it finds itself on: a disk that is slow for a moment must not hold up the one that polls.
            InlineCompletions.Enable();
        }

        using var export = OtlpExport.Begin(configuration.Name, configuration.OtlpEndpoint);
        var builder = WebHost.CreateBuilder(listening, staysOnThread: true);
        await using var app = WebHost.Build(builder, listening);
        var gateway = new PeregrineGateway(configuration, Options(config, app.Services.GetRequiredService<ILoggerFactory>()));
        await using (gateway.ConfigureAwait(false))
        {
            app.MapPeregrineGateway(gateway, listening.Front);
            gateway.Start();

            // Together with the web server, not after it: that waits for open requests, and those for the servers behind.
            using var stopping = app.Lifetime.ApplicationStopping.Register(() => _ = gateway.DisposeAsync().AsTask());
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watching = WatchAsync(gateway, config, ending.Token);
            try
            {
                return await WebHost.RunAsync(app, listening.Urls, "/mcp", hasPage: true, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await ending.CancelAsync().ConfigureAwait(false);
                await watching.ConfigureAwait(false);
            }
        }
    }

    private static async Task<int> RunStdioAsync(GatewayConfiguration configuration, string? config, CancellationToken cancellationToken)
    {
        using var channel = StandardStreams.Take();
        using var export = OtlpExport.Begin(configuration.Name, configuration.OtlpEndpoint);
        using var loggers = LoggerFactory.Create(static logging => logging
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning));
        var gateway = new PeregrineGateway(configuration, Options(config, loggers));
        await using (gateway.ConfigureAwait(false))
        {
            gateway.Start();
            using var server = new StdioServer(gateway.Responder, channel, DuplexOptions.Default, ThreadPoolScheduler.Instance, loggers.CreateLogger("Peregrine.Server.Stdio"));
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watching = WatchAsync(gateway, config, ending.Token);
            await server.RunAsync(TimeProvider.System, cancellationToken).ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
            return ExitCodes.Fine;
        }
    }

    // Applies the file whenever it changes, or a SIGHUP comes. A file with errors changes nothing.
    private static async Task WatchAsync(PeregrineGateway gateway, string? config, CancellationToken cancellationToken)
    {
        if (config is null)
        {
            return;
        }

        using var watcher = new ConfigurationWatcher(config);
        using var hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            watcher.Poke();
        });
        await watcher.RunAsync(result => ApplyAsync(gateway, config, result, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask ApplyAsync(PeregrineGateway gateway, string config, ConfigurationResult read, CancellationToken cancellationToken)
    {
        if (!read.IsValid)
        {
            foreach (var error in read.Errors)
            {
                await Console.Error.WriteLineAsync(error.ToString()).ConfigureAwait(false);
            }

            await Console.Error.WriteLineAsync($"peregrine: {config} has {read.Errors.Length} {(read.Errors.Length == 1 ? "error" : "errors")}; the gateway goes on with the configuration it has.").ConfigureAwait(false);
            return;
        }

        var result = await gateway.ReloadAsync(read.Configuration, cancellationToken).ConfigureAwait(false);
        await Console.Error.WriteLineAsync($"peregrine: {config} was read again: {Describe(result)}.").ConfigureAwait(false);
    }

    private static string Describe(ReloadResult result)
    {
        if (result.IsEmpty)
        {
            return "nothing has changed";
        }

        List<string> parts = [];
        AddNames(parts, "added", result.Added);
        AddNames(parts, "changed", result.Changed);
        AddNames(parts, "removed", result.Removed);
        if (result.PoliciesChanged)
        {
            parts.Add("other policies");
        }

        parts.AddRange(result.NotApplied);
        return string.Join("; ", parts);
    }

    private static void AddNames(List<string> parts, string what, ImmutableArray<string> names)
    {
        if (!names.IsEmpty)
        {
            parts.Add($"{what} {string.Join(", ", names)}");
        }
    }

    private static GatewayOptions Options(string? config, ILoggerFactory loggers)
    {
        ImmutableArray<InProcessServer> inProcess = config is null
            ? [new InProcessServer("sample", SampleServer.Describe(0).UseLogging(loggers).Build())]
            : [];
        return new GatewayOptions { InProcessServers = inProcess, Loggers = loggers, StateFolder = config is null ? null : StateFolder.Of(config), ConfigurationFile = config };
    }
}
