using System.Diagnostics;
using Peregrine.Transport.InMemory;

namespace Peregrine.Server.Duplex;

// What goes out, and when.
internal sealed partial class DuplexFront
{
    // A batch of this size fills a system call well; more would only make the first reply wait.
    private const int FlushAt = 32 * 1024;

    /// <summary>Sends what was left unsent, where that does not block this thread.</summary>
    internal void FlushFromReader()
    {
        if (!_output.TryFlush())
        {
            _scheduler.Schedule(new FlushWork(_output));
        }
    }

    /// <summary>Sends a notification ahead of its call's reply.</summary>
    internal ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken)
    {
        _output.Append(notification);
        _output.Flush();
        return _output.WaitForRoomAsync(cancellationToken);
    }

    /// <summary>Sends a notification of one call, unless that has ended.</summary>
    internal ValueTask NotifyAsync(DuplexExchange exchange, int generation, ReadOnlySpan<byte> notification, CancellationToken cancellationToken)
    {
        if (!exchange.TryAppend(generation, _output, notification))
        {
            return default;
        }

        _output.Flush();
        return _output.WaitForRoomAsync(cancellationToken);
    }

    // Calls wait while the peer is behind by more than the bound: what they would return has to wait anyway, and takes memory then.
    private bool HasRoom()
    {
        if (!_output.IsFull)
        {
            return true;
        }

        // Room may have been made between the look and the note, and then nobody else would go on.
        Interlocked.Exchange(ref _paused, 1);
        return !_output.IsFull && Interlocked.Exchange(ref _paused, 0) != 0;
    }

    private void AppendReply(DuplexExchange exchange)
    {
        if (exchange.Batch is { } batch)
        {
            AppendToBatch(exchange, batch);
        }
        else if (exchange.ListenRequest is { } request)
        {
            OpenStream(exchange, request);
        }
        else
        {
            AppendReplyOf(exchange);
        }
    }

    private void AppendReplyOf(DuplexExchange exchange)
    {
        if (exchange.TryBeginAnswer())
        {
            // Before the peer can see the reply and use its id again.
            exchange.IsAnswered = true;
            var shared = exchange.SharedResult.Span;
            if (shared.IsEmpty)
            {
                _output.Append(exchange.Reply.WrittenSpan);
            }
            else
            {
                _output.Append(exchange.Reply.WrittenSpan, shared, "}"u8);
            }
        }
    }

    // The thread has nothing else to do here. Where a client in this process waits for what is sent now, it goes on as that client, and nobody has to be woken.
    private void FlushAtEndOfTurn()
    {
        IThreadPoolWorkItem? kept;
        KeptWork.Open();
        try
        {
            _output.Flush();
        }
        finally
        {
            kept = KeptWork.Close();
        }

        kept?.Execute();
    }

    // Leaves the flush to a call that comes next where the reader sees to it, unless calls have lately been slow: then a reply would wait for somebody else's work.
    private bool FlushUnless(bool moreComes)
    {
        var flushes = !moreComes || !_output.IsWatched || _output.Pending >= FlushAt || IsSlow();
        if (flushes)
        {
            _output.Flush();
        }

        return flushes;
    }

    private bool IsSlow()
    {
        var until = Volatile.Read(ref _slowUntil);
        return until != 0 && Stopwatch.GetTimestamp() < until;
    }
}
