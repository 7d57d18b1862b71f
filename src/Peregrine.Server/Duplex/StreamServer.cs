using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Framing;
using Peregrine.Server.Fronts;
using Peregrine.Transport.InMemory;

namespace Peregrine.Server.Duplex;

/// <summary>
/// Serves responders on any pair of streams, one message a line as on stdio, without blocking a thread: a pair in memory, a Unix domain socket, a TCP connection.
/// </summary>
public static class StreamServer
{
    /// <summary>Serves until the input ends or the token fires; then calls in flight are answered or cancelled. Does not close the streams.</summary>
    /// <param name="responder">What answers.</param>
    /// <param name="input">What the peer sends.</param>
    /// <param name="output">What the peer reads. Must allow a write while <paramref name="input"/> is read.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <param name="scheduler">Who runs the calls.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="logger">Receives what goes wrong.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public static async Task ServeAsync(IMcpResponder responder, Stream input, Stream output, DuplexOptions? options, IWorkScheduler scheduler,
        TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= DuplexOptions.Default;
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        // The front's reader runs nobody's code, so a peer in this process may do its work.
        (input as InMemoryInput)?.WakeOnWriter();
        using var messages = new StreamOutput(output, options.MaxUnsentBytes);
        var front = new DuplexFront(responder, messages, options, scheduler, logger);
        try
        {
            await ReadAllAsync(front, input, messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            if (exception is IOException)
            {
                DuplexLog.Broke(logger, exception);
            }
        }

        await front.CloseAsync(time, readerHasEnded: true).ConfigureAwait(false);
    }

    /// <summary>Serves a server on a pair of streams, with the server's own scheduler, clock and log.</summary>
    /// <inheritdoc cref="ServeAsync(IMcpResponder, Stream, Stream, DuplexOptions?, IWorkScheduler, TimeProvider, ILogger, CancellationToken)"/>
    public static Task ServeAsync(this PeregrineServer server, Stream input, Stream output, DuplexOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        return ServeAsync(server, input, output, options, server.Scheduler, server.Options.TimeProvider, server.Loggers.CreateLogger("Peregrine.Server.Stream"), cancellationToken);
    }

    private static async Task ReadAllAsync(DuplexFront front, Stream input, StreamOutput output, DuplexOptions options, CancellationToken cancellationToken)
    {
        using var framer = new LineFramer(options.MaxMessageBytes, initialCapacity: 8 * 1024);
        int count;
        while ((count = await input.ReadAsync(framer.GetBuffer(), cancellationToken).ConfigureAwait(false)) > 0)
        {
            framer.Advance(count);
            front.ReceiveAll(framer);
            if (output.IsFull)
            {
                front.NotePeerDoesNotRead(output.Unsent);
                await output.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        front.ReceiveRest(framer);
    }
}
