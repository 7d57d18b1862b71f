using System.Diagnostics;

namespace Peregrine.Server.Duplex;

// When what was written is sent.
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

    // Leaves the flush to a call that comes next, unless calls have lately been slow: then a reply would wait for somebody else's work.
    private bool FlushUnless(bool moreComes)
    {
        var flushes = !moreComes || _output.Pending >= FlushAt || IsSlow();
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
