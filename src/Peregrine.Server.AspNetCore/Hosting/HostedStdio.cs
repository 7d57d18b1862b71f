using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Peregrine.Server.Duplex;
using Peregrine.Server.Stdio;
using Peregrine.Transport.Stdio;

namespace Peregrine.Server.AspNetCore.Hosting;

/// <summary>Serves one server on the standard streams for as long as the host runs; the end of the input ends the host.</summary>
internal sealed class HostedStdio : IHostedService, IDisposable
{
    private readonly StdioServer _stdio;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    internal HostedStdio(IServiceProvider services, string server, DuplexOptions options)
    {
        // Before anything of the host runs, so that nothing it prints gets between the messages.
        var channel = StandardStreams.Take();
        var serving = services.GetRequiredKeyedService<PeregrineServer>(server);
        _time = serving.Options.TimeProvider;
        _lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        _stdio = new StdioServer(serving, channel, options, serving.Scheduler, serving.Loggers.CreateLogger("Peregrine.Server.Stdio"));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = RunAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stdio.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await _stdio.RunAsync(_time, _stopping.Token).ConfigureAwait(false);
        }
        finally
        {
            _lifetime.StopApplication();
        }
    }
}
