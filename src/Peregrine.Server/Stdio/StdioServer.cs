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
    private bool _readerHasEnded;

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

    /// <summary>Serves until the input ends or <paramref name="cancellationToken"/> fires; then calls in flight are answered or cancelled.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        _scheduler.StartThread("Peregrine stdin", ReadAll);
        using (cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), _ended))
        {
            await _ended.Task.ConfigureAwait(false);
        }

        await _front.CloseAsync(time, Volatile.Read(ref _readerHasEnded)).ConfigureAwait(false);
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
        _ended.TrySetResult();
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
}
