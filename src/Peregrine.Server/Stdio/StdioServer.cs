using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Framing;
using Peregrine.Server.Duplex;
using Peregrine.Server.Fronts;
using Peregrine.Transport.Stdio;

namespace Peregrine.Server.Stdio;

/// <summary>Serves a responder on a blocking channel: a thread of its own reads, workers answer. One use.</summary>
public sealed class StdioServer : IDisposable
{
    // How long the reader may sleep while a reply could be waiting for a worker that is yet to begin.
    private const int WatchMilliseconds = 2;

    private readonly BlockingChannel _channel;
    private readonly DuplexOptions _options;
    private readonly IWorkScheduler _scheduler;
    private readonly ILogger _logger;
    private readonly CoalescingWriter _writer;
    private readonly StdioOutput _output;
    private readonly DuplexFront _front;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private TimeProvider _time = TimeProvider.System;
    private CancellationTokenRegistration _ending;
    private bool _readerHasEnded;
    private int _hasEnded;

    /// <summary>Makes a server on <paramref name="channel"/>, which it owns.</summary>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public StdioServer(IMcpResponder responder, BlockingChannel channel, DuplexOptions options, IWorkScheduler scheduler, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        _channel = channel;
        _options = options;
        _scheduler = scheduler;
        _logger = logger;
        _writer = new CoalescingWriter(channel);
        _output = new StdioOutput(_writer, scheduler, options.MaxUnsentBytes);
        _front = new DuplexFront(responder, _output, options, scheduler, logger);
    }

    /// <summary>Called at the end, before <see cref="RunAsync"/> has ended.</summary>
    internal Action? Ended { get; init; }

    /// <summary>Serves until the input ends or <paramref name="cancellationToken"/> fires; then calls in flight are answered or cancelled.</summary>
    public Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        // No async method before the end: the runtime would have to compile its awaits at every start (docs/performance.md, "Start").
        _time = time;
        lock (_gate)
        {
            _scheduler.StartThread("Peregrine stdin", ReadAll);
            _ending = cancellationToken.UnsafeRegister(static server => ((StdioServer)server!).End(), this);
        }

        return _ended.Task;
    }

    /// <summary>Closes the channel and drops what is unsent.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _channel.Dispose();
    }

    private void ReadAll()
    {
        using var framer = new LineFramer(_options.MaxMessageBytes);
        try
        {
            while (true)
            {
                if (_front.MustWatch && !_channel.WaitReadable(WatchMilliseconds))
                {
                    _front.FlushFromReader();
                    continue;
                }

                var count = _channel.Read(framer.GetBuffer().Span);
                if (count == 0)
                {
                    break;
                }

                framer.Advance(count);
                _front.ReceiveAll(framer);
                AwaitRoom();
            }

            _front.ReceiveRest(framer);
        }
        catch (IOException exception)
        {
            DuplexLog.Broke(_logger, exception);
        }

        Volatile.Write(ref _readerHasEnded, true);
        End();
    }

    // The reader has ended, or is to be left behind.
    private void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            _scheduler.Schedule(new EndWork(this));
        }
    }

    private async Task EndAsync()
    {
        lock (_gate)
        {
            // Made by now: where the input has ended at once, this waits for it.
            _ending.Unregister();
        }

        try
        {
            try
            {
                await _front.CloseAsync(_time, Volatile.Read(ref _readerHasEnded)).ConfigureAwait(false);
            }
            finally
            {
                Ended?.Invoke();
            }

            _ended.TrySetResult();
        }
        catch (Exception exception)
        {
            _ended.TrySetException(exception);
        }
    }

    private void AwaitRoom()
    {
        if (_output.IsFull)
        {
            _front.NotePeerDoesNotRead(_writer.Unsent);
            _scheduler.Schedule(new FlushWork(_output));
            _writer.WaitForRoom(_options.MaxUnsentBytes / 2);
        }
    }

    /// <summary>Ends the connection away from who noticed that it is to end.</summary>
    private sealed class EndWork(StdioServer server) : IThreadPoolWorkItem
    {
        public void Execute() => _ = server.EndAsync();
    }
}
