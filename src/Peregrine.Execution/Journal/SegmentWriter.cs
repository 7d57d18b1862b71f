using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Peregrine.Execution.Journal;

/// <summary>Writes batches into segments, and makes and deletes them. One user at a time; what the stores look at changes under the log's lock.</summary>
internal sealed class SegmentWriter(IJournalFiles files, JournalPolicy policy, RecoveredLog recovered, Lock gate, Func<long> nextFence, ILogger logger) : IDisposable
{
    private readonly List<int> _numbers = [.. recovered.Segments];
    private readonly PayloadWriter _heading = new();
    private readonly PayloadWriter _unwritten = new();
    private IJournalFile? _file;
    private long _length;
    private int _previous = recovered.Last;
    private long _previousLength = recovered.LastLength;

    /// <summary>The segment that is written now, or will be made with the next batch.</summary>
    internal int Number { get; private set; } = recovered.Last + 1;

    /// <summary>How many bytes of it are known to be good.</summary>
    internal long Length => Interlocked.Read(ref _length);

    internal bool IsOpen => _file is not null;

    /// <summary>Writes a batch behind what could not be written before, as the policy says.</summary>
    /// <returns>What went wrong, or null. Then the batch is kept in front of the next one; until that <see cref="Leave"/> must be called.</returns>
    internal Exception? TryWrite(PayloadWriter batch)
    {
        if (policy == JournalPolicy.Disk)
        {
            RecordCodec.WriteBatchEnd(batch);
        }

        try
        {
            OpenSegment();
            var length = _unwritten.Length + batch.Length;
            Append(_unwritten.Written);
            Append(batch.Written);
            Flush();
            Interlocked.Add(ref _length, length);
            _unwritten.Clear();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _unwritten.Write(batch.Written);
            return exception;
        }
    }

    /// <summary>The current segment is over; what is known to be good of it counts. Under the lock.</summary>
    internal void Leave()
    {
        if (_file is null)
        {
            return;
        }

        _previous = Number;
        _previousLength = _length;
        _file.Dispose();
        _file = null;
        Number++;
    }

    /// <summary>Deletes the segments before a number.</summary>
    internal void DeleteBelow(int below)
    {
        int[] old;
        lock (gate)
        {
            old = [.. _numbers.Where(number => number < below)];
            _numbers.RemoveAll(number => number < below);
        }

        foreach (var number in old)
        {
            try
            {
                files.Delete(NameOf(number));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                JournalLog.NotDeleted(logger, exception);
            }
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        files.Dispose();
    }

    internal static string NameOf(int segment) => segment.ToString("D8", CultureInfo.InvariantCulture);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            _file!.Append(bytes);
        }
    }

    private void Flush()
    {
        if (policy == JournalPolicy.Disk)
        {
            _file!.Flush();
        }
    }

    private void OpenSegment()
    {
        if (_file is not null)
        {
            return;
        }

        int number;
        lock (gate)
        {
            number = Number;
            _heading.Clear();
            RecordCodec.Write(_heading, new SegmentStart(recovered.Epoch, files.MachineStart, policy, _previous, _previousLength, nextFence()));
        }

        var file = CreateFile(number);
        lock (gate)
        {
            _file = file;
            Interlocked.Exchange(ref _length, 0);
            _numbers.Add(number);
        }

        Append(_heading.Written);
        Flush();
        Interlocked.Exchange(ref _length, _heading.Length);
    }

    private IJournalFile CreateFile(int number)
    {
        var name = NameOf(number);
        if (files.List().Contains(name))
        {
            // Left by a start that failed before anything in it counted.
            files.Delete(name);
        }

        return files.Create(name, policy == JournalPolicy.Disk);
    }
}
