using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Versions;

namespace Peregrine.Server.AspNetCore.Sessions;

// The streams of a session. A message goes to exactly one of them (transports, multiple connections).
internal sealed partial class HttpSession
{
    // Streams that are open or kept, the youngest last; null while there are none.
    private List<EventStream>? _streams;

    // What waits for a stream to be opened; null while nothing does. In the budget.
    private List<byte[]>? _waiting;
    private int _waitingBytes;

    /// <summary>True where the client's revision knows <c>Last-Event-ID</c>.</summary>
    internal bool HasEventIds => Version >= ProtocolVersion.V2025_03_26;

    /// <summary>True where the client may be sent an event without a message, and take it for the beginning of a stream (2025-11-25).</summary>
    internal bool HasPriming => Version >= ProtocolVersion.V2025_11_25;

    /// <inheritdoc/>
    internal override bool TrySend(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            var isRead = false;
            for (var i = (_streams?.Count ?? 0) - 1; i >= 0; i--)
            {
                if (_streams![i] is { IsCall: false, Reader: EventConnection connection } stream)
                {
                    isRead = true;
                    if (stream.TryAppend(message, must: false))
                    {
                        connection.Signal();
                        return true;
                    }
                }
            }

            // A client that reads too slowly gets no second queue: messages would overtake each other.
            return !isRead && TryWait(message);
        }
    }

    /// <summary>Makes the stream of a call's response; <paramref name="reader"/> sends its events.</summary>
    /// <returns>Null where the client's revision cannot resume it, or too many are open.</returns>
    internal EventStream? TryOpenCall(object reader)
    {
        lock (_gate)
        {
            return !_ended && HasEventIds && TryMakeRoom() ? AddStream(isCall: true, reader) : null;
        }
    }

    /// <summary>Takes an event of a call. Where the call's own response still sends the stream, the caller is to send it; else whoever reads now, or will, gets it.</summary>
    /// <param name="stream">The call's stream.</param>
    /// <param name="reader">The call's response.</param>
    /// <param name="message">The message.</param>
    /// <param name="isReply">True for the last one.</param>
    /// <param name="id">The event's id, where the caller is to send it; the default value where it has none.</param>
    internal bool TryKeep(EventStream stream, object reader, ReadOnlySpan<byte> message, bool isReply, out EventId id)
    {
        lock (_gate)
        {
            id = default;
            var isMine = stream.Reader == reader;
            if (_ended)
            {
                // Nobody can come back for it: it is only sent.
                return isMine;
            }

            if (isMine)
            {
                id = stream.AddSent(message);
            }
            else
            {
                // A notification beyond the bound is not sent: the reply is worth more.
                stream.TryAppend(message, must: isReply);
                (stream.Reader as EventConnection)?.Signal();
            }

            if (isReply)
            {
                Complete(stream, isMine);
            }

            return isMine;
        }
    }

    /// <summary>The call's response sends no more of its stream.</summary>
    /// <returns>False where it did not any longer.</returns>
    internal bool TryLetGo(EventStream stream, object reader)
    {
        lock (_gate)
        {
            if (_ended || stream.Reader != reader)
            {
                return false;
            }

            stream.Reader = null;
            return true;
        }
    }

    /// <summary>True where <paramref name="reader"/> sends the stream's events.</summary>
    internal bool IsRead(EventStream stream, object reader)
    {
        lock (_gate)
        {
            return stream.Reader == reader;
        }
    }

    /// <summary>The connection that reads a call's stream now, in place of the call's response; or null.</summary>
    internal EventConnection? ReaderOf(EventStream stream)
    {
        lock (_gate)
        {
            return stream.Reader as EventConnection;
        }
    }

    /// <summary>Ends the stream of a call that gives no reply, for it was cancelled.</summary>
    internal void Drop(EventStream stream)
    {
        lock (_gate)
        {
            (stream.Reader as EventConnection)?.End();
            Remove(stream);
        }
    }

    /// <summary>Has a connection read a stream: the one that <paramref name="last"/> names, else a new one.</summary>
    internal EnterOutcome TryAttach(EventConnection connection, EventId? last)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return EnterOutcome.Gone;
            }

            var stream = last is { } id ? _streams?.Find(stream => stream.Number == id.Stream && stream.IsCall == id.IsCall) : null;
            if (stream is not null && !stream.TryRewind(last!.Value.Sequence))
            {
                if (!stream.IsCall)
                {
                    Retire(stream);
                }

                stream = null;
            }

            if (stream is null && last is { IsCall: true })
            {
                return EnterOutcome.NotKept;
            }

            if (stream is null && !TryMakeRoom())
            {
                return EnterOutcome.Full;
            }

            _connections++;
            connection.IsNew = stream is null;
            stream ??= AddStream(isCall: false, connection);
            if (stream.Reader != connection)
            {
                // The old connection is dead, as its client has seen before the server.
                (stream.Reader as EventConnection)?.End();
                stream.Reader = connection;
            }

            connection.Stream = stream;
            HandOver();
            connection.Signal();
            return EnterOutcome.Entered;
        }
    }

    /// <summary>Takes what a connection is to send.</summary>
    /// <returns>True where nothing will follow.</returns>
    internal bool TakeUnsent(EventConnection connection, PooledByteWriter writer)
    {
        lock (_gate)
        {
            var stream = connection.Stream;
            if (stream.Reader != connection)
            {
                return true;
            }

            stream.WriteUnsent(writer);
            return stream.IsComplete;
        }
    }

    /// <summary>A connection has ended.</summary>
    internal void Detach(EventConnection connection)
    {
        lock (_gate)
        {
            _connections--;
            var stream = connection.Stream;
            if (stream.Reader == connection)
            {
                stream.Reader = null;
                stream.IdleSince = _sessions.Now;
                if (!stream.IsCall)
                {
                    Reclaim(stream);
                    HandOver();
                }
            }
        }

        Touch();
    }

    /// <summary>Closes all connections that were opened with GET; what they read is kept.</summary>
    internal void CloseConnections()
    {
        lock (_gate)
        {
            EndConnections();
        }
    }

    /// <summary>Lets go of streams that nobody came back for.</summary>
    internal void SweepStreams(long now)
    {
        if (Volatile.Read(ref _streams) is null)
        {
            return;
        }

        lock (_gate)
        {
            for (var i = (_streams?.Count ?? 0) - 1; i >= 0; i--)
            {
                var stream = _streams![i];
                if (IsIdle(stream) && now - stream.IdleSince > _sessions.Options.ReplayTime.TotalMilliseconds)
                {
                    Remove(stream);
                }
            }
        }
    }

    private static bool IsIdle(EventStream stream) => stream.Reader is null && (stream.IsComplete || !stream.IsCall);

    private void Complete(EventStream stream, bool isSent)
    {
        stream.IsComplete = true;
        stream.IdleSince = _sessions.Now;
        if (isSent)
        {
            stream.Reader = null;
        }
    }

    private EventStream AddStream(bool isCall, object reader)
    {
        var stream = new EventStream(isCall, _sessions.NextStreamNumber(), HasEventIds, _sessions.Options, _sessions.Kept) { Reader = reader };
        (_streams ??= []).Add(stream);
        return stream;
    }

    // Where too many streams are kept, the one that nobody has read for the longest time goes.
    private bool TryMakeRoom()
    {
        if (_streams is not { } streams || streams.Count < _sessions.Options.MaxStreams)
        {
            return true;
        }

        if (streams.Where(IsIdle).MinBy(static stream => stream.IdleSince) is not { } idle)
        {
            return false;
        }

        Remove(idle);
        return true;
    }

    private void Retire(EventStream stream)
    {
        (stream.Reader as EventConnection)?.End();
        Reclaim(stream);
        Remove(stream);
    }

    private void Remove(EventStream stream)
    {
        stream.Reader = null;
        stream.Release();
        if (_streams is { } streams && streams.Remove(stream) && streams.Count == 0)
        {
            _streams = null;
        }
    }

    // What was taken for a stream but never sent goes back to where any stream can have it.
    private void Reclaim(EventStream stream)
    {
        foreach (var message in stream.TakeUnsent())
        {
            (_waiting ??= []).Add(message);
            _waitingBytes += message.Length;
        }
    }

    // Gives what waits to the stream that is read, the youngest where there are several.
    private void HandOver()
    {
        if (_waiting is { } waiting && _streams?.FindLast(static stream => stream is { IsCall: false, Reader: EventConnection }) is { } stream)
        {
            foreach (var message in waiting)
            {
                stream.Add(message);
            }

            _waiting = null;
            _waitingBytes = 0;
            ((EventConnection)stream.Reader!).Signal();
        }
    }

    private bool TryWait(ReadOnlySpan<byte> message)
    {
        var options = _sessions.Options;
        if (_waiting is { } waiting && (waiting.Count >= options.MaxQueuedMessages || _waitingBytes + message.Length > options.MaxQueuedBytes))
        {
            return false;
        }

        if (!_sessions.Kept.TryTake(message.Length))
        {
            return false;
        }

        (_waiting ??= new List<byte[]>(1)).Add(message.ToArray());
        _waitingBytes += message.Length;
        return true;
    }

    private void ReleaseStreams()
    {
        EndConnections();
        foreach (var stream in _streams ?? [])
        {
            // The response of a call may go on with what it sends; it is only no longer kept.
            stream.Release();
        }

        _streams = null;
        _sessions.Kept.Return(_waitingBytes);
        _waiting = null;
        _waitingBytes = 0;
    }

    private void EndConnections()
    {
        foreach (var stream in _streams ?? [])
        {
            (stream.Reader as EventConnection)?.End();
        }
    }
}
