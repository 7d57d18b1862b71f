using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;
using Peregrine.Server.Subscriptions;

namespace Peregrine.Server.Duplex;

// Streams that stay open beside the calls, and what a peer that was behind is sent when it has caught up.
internal sealed partial class DuplexFront
{
    // Few, as a rule one: found by looking at each.
    private readonly List<DuplexListenStream> _streams = [];
    private volatile int _streamCount;
    private volatile bool _eventsWait;
    private volatile bool _streamsClosed;

    /// <summary>True where an event may be sent now; else the streams are told when the peer has caught up.</summary>
    internal bool HasRoomForEvents()
    {
        if (!_output.IsFull)
        {
            return true;
        }

        // Room may have been made between the look and the note, and then nobody else would go on.
        _eventsWait = true;
        Interlocked.MemoryBarrier();
        return !_output.IsFull;
    }

    internal void SendEvent(ReadOnlySpan<byte> message)
    {
        _output.Append(message);
        FlushFromReader();
    }

    /// <summary>Sends a message that belongs to no call; does not wait for the peer.</summary>
    /// <returns>False where the peer is too far behind, or the connection ends.</returns>
    internal bool TrySend(ReadOnlySpan<byte> message)
    {
        if (_closing || !HasRoomForEvents())
        {
            return false;
        }

        SendEvent(message);
        return true;
    }

    /// <summary>Forgets a stream that has ended.</summary>
    internal void Leave(DuplexListenStream stream)
    {
        lock (_streams)
        {
            _streams.Remove(stream);
            _streamCount = _streams.Count;
        }

        NoteDrained();
    }

    private void ReceiveCancelled(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        var id = envelope.RequestId.Of(message);
        if (id.IsEmpty)
        {
            return;
        }

        if (_calls.Cancel(id) is { } work)
        {
            _scheduler.Schedule(work);
        }

        // In this order: a request that is about to become a stream is among the calls first, and looks whether it was cancelled when it is among the streams.
        if (FindStream(id) is { } stream)
        {
            stream.Hub.Close(stream);
        }
    }

    private void ReceiveInitialized()
    {
        if (_eras.Session is { } session)
        {
            (_responder as ISessionResponder)?.OnInitialized(session);
        }
    }

    private DuplexListenStream? FindStream(ReadOnlySpan<byte> id)
    {
        if (_streamCount == 0)
        {
            return null;
        }

        lock (_streams)
        {
            foreach (var stream in _streams)
            {
                // The id of one that has been told its end is free: the peer may have read it and use it again.
                if (!stream.IsClosed && id.SequenceEqual(stream.Id))
                {
                    return stream;
                }
            }
        }

        return null;
    }

    // In place of a reply. The call's place is free from now on.
    private void OpenStream(DuplexExchange exchange, ListenRequest request)
    {
        var stream = new DuplexListenStream(request, this);
        if (!TryEnter(stream))
        {
            exchange.Fail(ErrorCodes.Overloaded,
                $"Overloaded: {_options.MaxStreams} subscriptions are open on this connection; cancel some, or retry when some have ended", "{\"retryable\":true}"u8);
            AppendReplyOf(exchange);
            return;
        }

        if (!request.TryOpen(stream, exchange))
        {
            Leave(stream);
            AppendReplyOf(exchange);
            return;
        }

        // From now on a cancellation finds the stream; one that came before has found the call.
        exchange.IsAnswered = true;
        if (!exchange.TryBeginAnswer() || _streamsClosed)
        {
            request.Hub.Close(stream);
        }
        else
        {
            using var acknowledgement = new PooledByteWriter(512);
            stream.WriteAcknowledged(acknowledgement, request);
            _output.Append(acknowledgement.WrittenSpan);
        }

        request.Hub.Release(stream);
        if (_closing)
        {
            request.Hub.End(stream);
        }
    }

    private bool TryEnter(DuplexListenStream stream)
    {
        lock (_streams)
        {
            if (_streams.Count >= _options.MaxStreams)
            {
                return false;
            }

            _streams.Add(stream);
            _streamCount = _streams.Count;
            return true;
        }
    }

    // At the end of the connection: the peer is told, where it reads.
    private void EndStreams()
    {
        foreach (var stream in CopyStreams())
        {
            stream.Hub.End(stream);
        }
    }

    private void CloseStreams()
    {
        _streamsClosed = true;
        foreach (var stream in CopyStreams())
        {
            stream.Hub.Close(stream);
        }
    }

    private DuplexListenStream[] CopyStreams()
    {
        lock (_streams)
        {
            return [.. _streams];
        }
    }

    // Whenever something was sent.
    private void Resume()
    {
        if (Volatile.Read(ref _paused) != 0 && !_output.IsFull && Interlocked.Exchange(ref _paused, 0) != 0)
        {
            QueueTurn();
        }

        if (_eventsWait && !_output.IsFull)
        {
            ResumeEvents();
        }
    }

    private void ResumeEvents()
    {
        _eventsWait = false;
        foreach (var stream in CopyStreams())
        {
            stream.Hub.Resume(stream);
        }

        _eras.Session?.NoteRoom();
    }
}
