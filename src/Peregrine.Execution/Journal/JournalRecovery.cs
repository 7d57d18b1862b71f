using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Peregrine.Execution.Journal;

/// <summary>
/// Reads a journal from its beginning. What ends in the middle of a record was being written when the process ended, and nobody was told that it counts. Everything else that is not as it
/// was written is damage: what can be read is taken, and the epoch becomes another one, so that keys which may be lost are not taken for new ones.
/// </summary>
internal sealed class JournalRecovery(IJournalFiles files, JournalPolicy policy, Func<string> newEpoch, ILogger logger)
{
    private const int LongestHeading = 1024;

    private bool _damaged;
    private SegmentStart _last;
    private long _nextFence = 1;

    /// <summary>Reads all that counts into the stores.</summary>
    /// <exception cref="IOException">The files cannot be read.</exception>
    internal RecoveredLog Read(ICompactable[] stores)
    {
        var segments = List();
        if (policy == JournalPolicy.Disk)
        {
            // The process that wrote them may have ended before it had flushed; what is told from now on must survive the loss of power.
            segments.ForEach(segment => files.Sync(SegmentWriter.NameOf(segment)));
        }

        var starts = segments.ToDictionary(static segment => segment, StartOf);
        var lengths = LengthsThatCount(starts);
        var compacted = segments.Select(segment => FindCompacted(segment, starts[segment], lengths.GetValueOrDefault(segment, long.MaxValue))).DefaultIfEmpty().Max();
        segments.RemoveAll(segment => segment < compacted && TryDelete(segment));
        segments.RemoveAll(segment => segment < compacted);
        NoteMissing(segments, starts, compacted);
        var lastLength = 0L;
        foreach (var segment in segments)
        {
            lastLength = ReadSegment(segment, lengths.GetValueOrDefault(segment, long.MaxValue), isLast: segment == segments[^1], starts[segment], stores);
        }

        foreach (var store in stores)
        {
            store.EndRestoring();
        }

        if (_last is { Epoch: not null, Policy: JournalPolicy.Os } && _last.MachineStart != files.MachineStart)
        {
            // It counts how the last records were written, not how the next ones will be.
            JournalLog.MachineStopped(logger);
            _damaged = true;
        }

        var epoch = _damaged || _last.Epoch is null ? newEpoch() : _last.Epoch;
        return new RecoveredLog(epoch, segments, segments.Count > 0 ? segments[^1] : 0, lastLength, _nextFence, _damaged);
    }

    private List<int> List()
    {
        List<int> segments = [];
        foreach (var name in files.List())
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var segment) && SegmentWriter.NameOf(segment) == name)
            {
                segments.Add(segment);
            }
        }

        segments.Sort();
        return segments;
    }

    private bool TryDelete(int segment)
    {
        try
        {
            files.Delete(SegmentWriter.NameOf(segment));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            JournalLog.NotDeleted(logger, exception);
            return false;
        }
    }

    // Only in what counts, and not behind damage: where not all is there that was written once more, what it replaces may be all there is.
    private int FindCompacted(int segment, SegmentStart? start, long length)
    {
        var (below, isWhole) = (0, true);
        var bytes = files.Read(SegmentWriter.NameOf(segment)).AsSpan();
        Walk(bytes[..(int)Math.Min(bytes.Length, length)], start, length, (kind, payload) =>
        {
            if (kind == RecordKind.Compacted && isWhole)
            {
                below = Math.Max(below, new PayloadReader(payload).Int32());
            }
        }, (_, _) => isWhole = false);
        return below;
    }

    private SegmentStart? StartOf(int segment)
    {
        var bytes = files.Read(SegmentWriter.NameOf(segment));
        return RecordFormat.Read(bytes, 0, out var kind, out var payload) == FrameState.Whole && kind == RecordKind.Segment ? RecordCodec.ReadSegment(payload) : null;
    }

    // Each segment says how much of the one before it counts.
    private static Dictionary<int, long> LengthsThatCount(Dictionary<int, SegmentStart?> starts)
    {
        Dictionary<int, long> lengths = [];
        foreach (var start in starts.Values)
        {
            if (start is { Previous: > 0 } known)
            {
                lengths[known.Previous] = known.PreviousLength;
            }
        }

        return lengths;
    }

    // What a segment says was before it, and is not there.
    private void NoteMissing(List<int> segments, Dictionary<int, SegmentStart?> starts, int compacted)
    {
        foreach (var start in starts.Values)
        {
            if (start is { } known && known.Previous >= Math.Max(compacted, 1) && !segments.Contains(known.Previous))
            {
                JournalLog.Missing(logger, known.Previous);
                _damaged = true;
            }
        }
    }

    private long ReadSegment(int segment, long length, bool isLast, SegmentStart? start, ICompactable[] stores)
    {
        var bytes = files.Read(SegmentWriter.NameOf(segment)).AsSpan();
        if (length != long.MaxValue)
        {
            if (bytes.Length < length)
            {
                NoteDamage(segment, bytes.Length, length - bytes.Length);
            }

            bytes = bytes[..(int)Math.Min(bytes.Length, length)];
        }

        if (start is { } known)
        {
            _last = known;
            _nextFence = Math.Max(_nextFence, known.NextFence);
        }
        else if (!isLast || (RecordFormat.Read(bytes, 0, out _, out _) == FrameState.Damaged && !HasOnlyBegun(bytes)))
        {
            NoteDamage(segment, 0, bytes.Length);
        }

        return Walk(bytes, start, length, (kind, payload) =>
        {
            foreach (var store in stores)
            {
                store.Restore(kind, payload);
            }
        }, (at, count) => NoteDamage(segment, at, count));
    }

    // Gives what counts of a segment; how far that reaches.
    private static long Walk(ReadOnlySpan<byte> bytes, SegmentStart? start, long length, RecordVisitor visit, Action<long, long> noteDamage)
    {
        var isBatched = start is { Policy: JournalPolicy.Disk } || (start is null && HasOnlyBegun(bytes));
        var at = 0;
        while (at < bytes.Length)
        {
            var state = RecordFormat.Read(bytes, at, out var kind, out var payload);
            if (state == FrameState.Whole)
            {
                visit(kind, payload);
                at += RecordFormat.HeaderLength + payload.Length;
                continue;
            }

            var next = RecordFormat.FindNext(bytes, at);
            var wasBeingWritten = length == long.MaxValue && (isBatched ? !HasBatchEnd(bytes, next) : next < 0 && state == FrameState.Cut);
            if (!wasBeingWritten)
            {
                noteDamage(at, (next < 0 ? bytes.Length : next) - at);
            }

            if (wasBeingWritten || next < 0)
            {
                return at;
            }

            at = next;
        }

        return at;
    }

    // A file whose room was prepared, and then the process ended before its first record was whole.
    private static bool HasOnlyBegun(ReadOnlySpan<byte> bytes) => bytes[(bytes.Length > LongestHeading ? LongestHeading : 0)..].IndexOfAnyExcept((byte)0) < 0;

    // What a batch writes comes to the disk in any order. Where its end is there, all of it should be; where it is not, nobody was told that anything of it counts.
    private static bool HasBatchEnd(ReadOnlySpan<byte> bytes, int at)
    {
        while (at >= 0 && at < bytes.Length)
        {
            if (RecordFormat.Read(bytes, at, out var kind, out var payload) != FrameState.Whole)
            {
                at = RecordFormat.FindNext(bytes, at);
                continue;
            }

            if (kind == RecordKind.BatchEnd)
            {
                return true;
            }

            at += RecordFormat.HeaderLength + payload.Length;
        }

        return false;
    }

    private void NoteDamage(int segment, long offset, long bytes)
    {
        JournalLog.Damaged(logger, segment, offset, bytes);
        _damaged = true;
    }

    private delegate void RecordVisitor(RecordKind kind, ReadOnlySpan<byte> payload);
}
