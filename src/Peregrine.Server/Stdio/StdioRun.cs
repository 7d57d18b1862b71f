using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Peregrine.Server.Duplex;
using Peregrine.Transport.Stdio;

namespace Peregrine.Server.Stdio;

/// <summary>
/// One server on the standard streams, until its input ends, the process is asked to end, or the caller wants it. No async method: the runtime would have to compile its awaits at every start
/// (docs/performance.md, "Start"). One use; disposes itself at its end.
/// </summary>
internal sealed class StdioRun : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PeregrineServer _server;
    private readonly StdioServer _stdio;
    private readonly CancellationTokenSource _ending = new();
    private CancellationTokenRegistration _caller;
    private PosixSignalRegistration? _terminate;
    private PosixSignalRegistration? _interrupt;
    private bool _isDisposed;

    internal StdioRun(PeregrineServer server, BlockingChannel channel, DuplexOptions options)
    {
        _server = server;
        _stdio = new StdioServer(server, channel, options, server.Scheduler, server.Loggers.CreateLogger("Peregrine.Server.Stdio")) { Ended = Dispose };
    }

    /// <summary>Serves.</summary>
    internal Task RunAsync(CancellationToken cancellationToken)
    {
        // So that the end, which may come at once, finds what it is to dispose.
        lock (_gate)
        {
            _caller = cancellationToken.UnsafeRegister(static run => ((StdioRun)run!).End(), this);
            var running = _stdio.RunAsync(_server.Options.TimeProvider, _ending.Token);

            // After the reader has begun: registering starts a thread, and the first reply should not wait for it.
            _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
            _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
            return running;
        }
    }

    /// <summary>Lets go of the streams and the signals.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _caller.Unregister();
            _terminate?.Dispose();
            _interrupt?.Dispose();
            _stdio.Dispose();
            _ending.Dispose();
        }
    }

    private void End(PosixSignalContext context)
    {
        context.Cancel = true;
        End();
    }

    // The caller or a signal may want the end at the moment at which it comes by itself.
    private void End()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _ending.Cancel();
            }
        }
    }
}
