using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.ServerSentEvents;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>
/// The events of one stream of a session: those that wait to be sent, and those that were sent and are kept for a client whose connection breaks. Survives its connections.
/// Every use is under the session's lock.
/// </summary>
internal sealed class EventStream(bool isCall, long number, bool hasIds, HttpSessionOptions options, ByteBudget budget)
{
    private readonly List<byte[]> _events = [];

    // The sequence numbers of the first event that is kept, and of the first that is not sent. Numbers begin with 1.
    private long _first = 1;
    private long _unsent = 1;
    private int _bytes;
    private int _unsentBytes;

    /// <summary>True where the stream answers a call; false where it was opened with GET.</summary>
    internal bool IsCall => isCall;

    internal long Number => number;

    /// <summary>Who sends the events on: the call's own response, a connection opened with GET, or nobody.</summary>
    internal object? Reader { get; set; }

    /// <summary>True once the reply is among the events: nothing will follow.</summary>
    internal bool IsComplete { get; set; }

    /// <summary>Since when nobody reads, in the clock of the sessions.</summary>
    internal long IdleSince { get; set; }

    internal bool HasUnsent => _unsent < Next;

    private long Next => _first + _events.Count;

    /// <summary>Gives a number to an event that is about to be sent, and keeps it where there is room.</summary>
    internal EventId AddSent(ReadOnlySpan<byte> message)
    {
        var sequence = Next;
        if (message.Length <= options.MaxReplayBytes && budget.TryTake(message.Length))
        {
            _events.Add(message.ToArray());
            _bytes += message.Length;
            _unsent = Next;
            Trim();
        }
        else
        {
            // A hole: whoever asks for what lies before it must learn that it is not all there.
            Release();
            _first = _unsent = sequence + 1;
        }

        return new EventId(isCall, number, sequence);
    }

    /// <summary>Adds an event that waits to be sent.</summary>
    /// <param name="message">Copied.</param>
    /// <param name="must">True for a reply, which is kept beyond all bounds.</param>
    /// <returns>False where too much waits already.</returns>
    internal bool TryAppend(ReadOnlySpan<byte> message, bool must)
    {
        var waiting = Next - _unsent;
        if (!must && waiting > 0 && (waiting >= options.MaxQueuedMessages || _unsentBytes + message.Length > options.MaxQueuedBytes))
        {
            return false;
        }

        if (!budget.TryTake(message.Length))
        {
            if (!must)
            {
                return false;
            }

            budget.TakeAnyway(message.Length);
        }

        Add(message.ToArray());
        return true;
    }

    /// <summary>Adds a message that is in the budget already.</summary>
    internal void Add(byte[] message)
    {
        _events.Add(message);
        _bytes += message.Length;
        _unsentBytes += message.Length;
        Trim();
    }

    /// <summary>Writes what waits; from now on it counts as sent.</summary>
    internal void WriteUnsent(PooledByteWriter writer)
    {
        for (; _unsent < Next; _unsent++)
        {
            if (hasIds)
            {
                new EventId(isCall, number, _unsent).WriteLine(writer);
            }

            SseWriter.WriteMessage(writer, _events[(int)(_unsent - _first)]);
        }

        _unsentBytes = 0;
        Trim();
    }

    /// <summary>Has everything behind <paramref name="sequence"/> sent once more.</summary>
    /// <returns>False where that is no longer kept, or never was.</returns>
    internal bool TryRewind(long sequence)
    {
        if (!hasIds || sequence < _first - 1 || sequence >= Next)
        {
            return false;
        }

        _unsent = sequence + 1;
        _unsentBytes = 0;
        for (var i = (int)(_unsent - _first); i < _events.Count; i++)
        {
            _unsentBytes += _events[i].Length;
        }

        return true;
    }

    /// <summary>Takes back what was never sent, so that another stream can have it.</summary>
    internal List<byte[]> TakeUnsent()
    {
        var at = (int)(_unsent - _first);
        var unsent = _events.GetRange(at, _events.Count - at);
        _events.RemoveRange(at, unsent.Count);
        _bytes -= _unsentBytes;
        _unsentBytes = 0;
        return unsent;
    }

    /// <summary>Lets go of everything that is kept.</summary>
    internal void Release()
    {
        budget.Return(_bytes);
        _bytes = _unsentBytes = 0;
        _first = _unsent = Next;
        _events.Clear();
    }

    // The oldest of what was sent goes first, all of it where events have no ids to ask for them again by; what was not is bounded where it comes in.
    private void Trim()
    {
        var drop = 0;
        while (_first + drop < _unsent && (!hasIds || _events.Count - drop > options.MaxReplayEvents || _bytes > options.MaxReplayBytes))
        {
            _bytes -= _events[drop].Length;
            budget.Return(_events[drop].Length);
            drop++;
        }

        _events.RemoveRange(0, drop);
        _first += drop;
    }
}
