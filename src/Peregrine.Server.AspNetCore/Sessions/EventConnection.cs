using System.Buffers;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.ServerSentEvents;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>
/// A connection that a client opened with GET. It sleeps until there is something to send, without a thread, a timer or a buffer of its own. Members that wake it are thread-safe.
/// </summary>
internal sealed class EventConnection(HttpContext context, HttpSession session) : IValueTaskSource
{
    private const int Data = 1;
    private const int Alive = 2;
    private const int Ended = 4;
    private const int Gone = 8;

    // How soon a client should come back that was sent away without another word.
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(1);

    private ManualResetValueTaskSourceCore<bool> _wake = new() { RunContinuationsAsynchronously = true };
    private int _signals;
    private long _retry = (long)DefaultRetry.TotalMilliseconds;

    /// <summary>The stream that is read. Set, under the session's lock, before anything else is done.</summary>
    internal EventStream Stream { get; set; } = null!;

    /// <summary>True where the stream begins with this connection.</summary>
    internal bool IsNew { get; set; }

    /// <summary>Something waits to be sent.</summary>
    internal void Signal() => Wake(Data);

    /// <summary>Has a comment sent.</summary>
    internal void KeepAlive() => Wake(Alive);

    /// <summary>Ends the connection, once what waits is sent.</summary>
    internal void End() => Wake(Ended);

    /// <summary>The same; the client is to come back after <paramref name="retry"/>.</summary>
    internal void End(TimeSpan retry)
    {
        Volatile.Write(ref _retry, (long)retry.TotalMilliseconds);
        Wake(Ended);
    }

    /// <summary>Sends what there is to send until the connection ends.</summary>
    internal async Task RunAsync()
    {
        var cancelled = context.RequestAborted;
        await using var registration = cancelled.UnsafeRegister(static state => ((EventConnection)state!).Wake(Gone), this).ConfigureAwait(false);
        try
        {
            await BeginAsync(cancelled).ConfigureAwait(false);
            var isOver = false;
            while (!isOver)
            {
                await new ValueTask(this, _wake.Version).ConfigureAwait(false);

                // In this order: as long as a signal is set, nobody sets the result.
                _wake.Reset();
                var signals = Interlocked.Exchange(ref _signals, 0);
                isOver = (signals & Gone) != 0 || await SendAsync(signals, cancelled).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ConnectionAbortedException or ConnectionResetException)
        {
            // The client is gone. What it missed is kept for a while.
        }
    }

    void IValueTaskSource.GetResult(short token) => _wake.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wake.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wake.OnCompleted(continuation, state, token, flags);

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var response = context.Response;
        SetHeaders(response);
        await response.StartAsync(cancellationToken).ConfigureAwait(false);
        if (IsNew && session.HasPriming)
        {
            using var writer = new PooledByteWriter(128);
            WritePriming(writer, new EventId(Stream.IsCall, Stream.Number, 0));
            response.BodyWriter.Write(writer.WrittenSpan);
        }

        await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The headers of an event stream.</summary>
    internal static void SetHeaders(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>The event without a message by which a client learns where it is before anything was sent (2025-11-25, resumability).</summary>
    internal static void WritePriming(PooledByteWriter writer, EventId id)
    {
        id.WriteLine(writer);
        writer.Write("data:\n\n"u8);
    }

    // True where the connection is to end.
    private async ValueTask<bool> SendAsync(int signals, CancellationToken cancellationToken)
    {
        bool isOver;
        using (var writer = new PooledByteWriter())
        {
            isOver = session.TakeUnsent(this, writer);
            if ((signals & Ended) != 0 && !isOver && session.HasPriming)
            {
                SseWriter.WriteRetry(writer, Volatile.Read(ref _retry));
            }
            else if (writer.Length == 0 && (signals & Alive) != 0)
            {
                SseWriter.WriteKeepAlive(writer);
            }

            context.Response.BodyWriter.Write(writer.WrittenSpan);
        }

        var flushed = await context.Response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        return isOver || flushed.IsCompleted || (signals & Ended) != 0;
    }

    private void Wake(int signal)
    {
        if (Interlocked.Or(ref _signals, signal) == 0)
        {
            _wake.SetResult(true);
        }
    }
}
