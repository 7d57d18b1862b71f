using System.Diagnostics;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Duplex;
using Peregrine.Transport.Stdio;

namespace Peregrine.Server.Stdio;

/// <summary>
/// Output over a coalescing writer. Once a write has waited for the peer, flushes move to a thread of their own for the rest of the connection: a peer that does
/// not read must not hold a shared worker.
/// </summary>
internal sealed class StdioOutput(CoalescingWriter writer, IWorkScheduler scheduler, int maxUnsent) : IMessageOutput, IThreadPoolWorkItem
{
    // A pipe that takes the bytes does so within microseconds; this long means that it was full.
    private static readonly long SlowWrite = Stopwatch.Frequency / 100;

    private IBlockingLane? _lane;

    public int Pending => writer.Pending;

    public bool IsFull => writer.Unsent > maxUnsent;

    public bool IsWatched => true;

    public Action? Sent { get; set; }

    public void Append(ReadOnlySpan<byte> message) => writer.Append(message);

    public void Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tail) => writer.Append(head, body, tail);

    public void Flush()
    {
        if (writer.Pending == 0)
        {
            return;
        }

        if (Volatile.Read(ref _lane) is { } lane)
        {
            lane.Schedule(this);
            return;
        }

        var started = Stopwatch.GetTimestamp();
        Execute();
        if (Stopwatch.GetTimestamp() - started > SlowWrite)
        {
            Interlocked.CompareExchange(ref _lane, scheduler.CreateLane("Peregrine stdout", 1), null);
        }
    }

    public bool TryFlush()
    {
        var flushed = writer.TryFlush();
        Sent?.Invoke();
        return flushed;
    }

    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        // A sender of notifications yields to the others while the peer is behind. Polling is enough: it happens only with a peer that does not read.
        while (writer.Unsent > maxUnsent && writer.Failure is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask FinishAsync(TimeSpan patience)
    {
        // Another thread may be writing right now, and the process ends when this returns. Away from this thread, for the peer may not be reading.
        scheduler.Schedule(this);
        writer.WaitForRoom(0, (int)patience.TotalMilliseconds);
        return default;
    }

    public void Execute()
    {
        writer.Flush();
        Sent?.Invoke();
    }
}
