namespace Peregrine.Execution.Journal;

/// <summary>
/// Has the stores write once more what stands in old segments, a little with each batch, into the one that follows a segment that has grown long. All but <see cref="End"/> under the log's
/// lock.
/// </summary>
internal sealed class SegmentRewriting(SegmentWriter segments, long segmentBytes, ICompactable[] stores, CommitLog log)
{
    // With each batch at least so much of what is needed, and twice the batch: it is done long before the next segment is full, and a batch stays short.
    private const int PieceBytes = 32 * 1024;

    private IEnumerator<bool>? _step;
    private int _below = segments.Number;
    private int _store;
    private long _keptBytes;

    /// <summary>True where something should be written once more.</summary>
    internal bool IsDue => _below != 0 || IsLong;

    // What was written once more stands in the segment as well. As much again must have come, or a journal whose contents are longer than a segment is rewritten without an end.
    private bool IsLong => segments.Length - _keptBytes > Math.Max(segmentBytes, _keptBytes);

    /// <summary>Adds a part to a batch.</summary>
    /// <returns>True where that was the last: once it is written, <see cref="End"/> must be called.</returns>
    internal bool AppendTo(PayloadWriter batch)
    {
        if (_step is null && !TryBegin())
        {
            return false;
        }

        var begin = batch.Length;
        var limit = Math.Max(PieceBytes, 2 * begin);
        while (batch.Length - begin < limit)
        {
            if (_step!.MoveNext())
            {
                continue;
            }

            if (++_store == stores.Length)
            {
                RecordCodec.WriteCompacted(batch, _below);
                _keptBytes += batch.Length - begin;
                return true;
            }

            _step = stores[_store].Rewrite(_below, log);
        }

        _keptBytes += batch.Length - begin;
        return false;
    }

    /// <summary>What was being written once more begins again in the next segment.</summary>
    internal void Restart()
    {
        _step = null;
        _below = segments.Number;
    }

    /// <summary>All of it is written: what it replaces goes.</summary>
    internal void End()
    {
        int below;
        lock (log.Gate)
        {
            below = _below;
            _step = null;
            _below = 0;
        }

        segments.DeleteBelow(below);
    }

    private bool TryBegin()
    {
        if (!IsDue)
        {
            return false;
        }

        if (segments.IsOpen && IsLong)
        {
            segments.Leave();
        }

        _below = segments.Number;
        _store = 0;
        _keptBytes = 0;
        _step = stores[0].Rewrite(_below, log);
        return true;
    }
}
