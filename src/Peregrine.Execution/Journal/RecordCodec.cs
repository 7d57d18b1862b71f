using Peregrine.Execution.Keys;
using Peregrine.Execution.Ledger;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Stores.Memory;

namespace Peregrine.Execution.Journal;

/// <summary>How the contents of stores are written as records. Each holds all of what it is about, so that the last one counts and no record needs another. No state.</summary>
internal static class RecordCodec
{
    internal static void Write(PayloadWriter writer, LedgerEntry entry)
    {
        writer.Begin();
        Span<byte> hash = stackalloc byte[CallKey.Length];
        entry.Key.CopyTo(hash);
        writer.Write(hash);
        entry.Arguments.CopyTo(hash);
        writer.Write(hash);

        // What is about to end has ended for who reads this: nobody will be there to end it.
        writer.Write((byte)(entry.State == EntryState.Ending ? entry.EndsAs : entry.State));
        writer.Write(entry.Fence);
        writer.Write(entry.Round);
        writer.Write(entry.LeaseEnds);
        writer.Write(entry.WindowMilliseconds);
        writer.Write(entry.Expires);
        writer.Write(entry.Result);
        writer.End(RecordKind.Call);
    }

    internal static LedgerEntry ReadCall(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        return new LedgerEntry(new CallKey(reader.Bytes(CallKey.Length)), new ArgumentHash(reader.Bytes(ArgumentHash.Length)))
        {
            State = (EntryState)reader.Byte(),
            Fence = reader.Int64(),
            Round = reader.Int64(),
            LeaseEnds = reader.Int64(),
            WindowMilliseconds = reader.Int64(),
            Expires = reader.Int64(),
            Result = reader.Rest.ToArray(),
        };
    }

    internal static void Write(PayloadWriter writer, RecordEntry entry)
    {
        writer.Begin();
        writer.Write(entry.Name);
        writer.Write(entry.Version);
        writer.Write(entry.Expires);
        writer.Write(entry.Value is null ? (byte)0 : (byte)1);
        writer.Write(entry.Value ?? []);
        writer.End(RecordKind.Record);
    }

    internal static RecordEntry ReadRecord(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var (name, version, expires) = (reader.Text(), reader.Int64(), reader.Int64());
        return new RecordEntry(name, version, reader.Byte() == 0 ? null : reader.Rest.ToArray(), expires);
    }

    internal static void Write(PayloadWriter writer, EventStream stream, EventEntry entry)
    {
        writer.Begin();
        writer.Write(stream.Name);
        writer.Write(entry.Number);
        writer.Write(entry.Expires);
        writer.Write(entry.Value);
        writer.End(RecordKind.Event);
    }

    internal static (string Stream, EventEntry Event) ReadEvent(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var (stream, number, expires) = (reader.Text(), reader.Int64(), reader.Int64());
        return (stream, new EventEntry(number, reader.Rest.ToArray(), expires));
    }

    internal static void Write(PayloadWriter writer, EventStream stream)
    {
        writer.Begin();
        writer.Write(stream.Name);
        writer.Write(stream.Last);
        writer.End(RecordKind.Stream);
    }

    internal static (string Stream, long Last) ReadStream(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        return (reader.Text(), reader.Int64());
    }

    internal static void Write(PayloadWriter writer, CounterEntry entry)
    {
        writer.Begin();
        writer.Write(entry.Name);
        writer.Write(BitConverter.DoubleToInt64Bits(entry.Level));
        writer.Write(entry.At);
        writer.Write(BitConverter.DoubleToInt64Bits(entry.Limit.Capacity));
        writer.Write(BitConverter.DoubleToInt64Bits(entry.Limit.PerSecond));
        writer.End(RecordKind.Counter);
    }

    internal static CounterEntry ReadCounter(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        return new CounterEntry(reader.Text())
        {
            Level = BitConverter.Int64BitsToDouble(reader.Int64()),
            At = reader.Int64(),
            Limit = new CounterLimit(BitConverter.Int64BitsToDouble(reader.Int64()), BitConverter.Int64BitsToDouble(reader.Int64())),
        };
    }

    internal static void Write(PayloadWriter writer, SegmentStart start)
    {
        writer.Begin();
        writer.Write(start.Epoch);
        writer.Write(start.MachineStart);
        writer.Write((byte)start.Policy);
        writer.Write(start.Previous);
        writer.Write(start.PreviousLength);
        writer.Write(start.NextFence);
        writer.End(RecordKind.Segment);
    }

    internal static SegmentStart ReadSegment(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        return new SegmentStart(reader.Text(), reader.Text(), (JournalPolicy)reader.Byte(), reader.Int32(), reader.Int64(), reader.Int64());
    }

    internal static void WriteCompacted(PayloadWriter writer, int below)
    {
        writer.Begin();
        writer.Write(below);
        writer.End(RecordKind.Compacted);
    }

    internal static void WriteBatchEnd(PayloadWriter writer)
    {
        writer.Begin();
        writer.End(RecordKind.BatchEnd);
    }
}
