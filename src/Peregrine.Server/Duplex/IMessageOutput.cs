namespace Peregrine.Server.Duplex;

/// <summary>Where a duplex front's messages go. Thread-safe.</summary>
internal interface IMessageOutput
{
    /// <summary>Bytes that nobody has begun to write.</summary>
    int Pending { get; }

    /// <summary>True while so much is unsent that no further call should begin.</summary>
    bool IsFull { get; }

    /// <summary>
    /// True where the reader looks every few milliseconds whether something was left unsent (<see cref="DuplexFront.MustWatch"/>). Only then a reply may wait for the next call's flush: without it, it would wait
    /// as long as that call holds its thread.
    /// </summary>
    bool IsWatched { get; }

    /// <summary>Called whenever something was sent. Set once, before the first message.</summary>
    Action? Sent { get; set; }

    /// <summary>Adds one message; it goes out with the next flush.</summary>
    void Append(ReadOnlySpan<byte> message);

    /// <summary>Adds one message that lies in three pieces.</summary>
    void Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tail);

    /// <summary>Sends what was added. May block as long as the peer does not read.</summary>
    void Flush();

    /// <summary>Sends what was added where that does not block.</summary>
    /// <returns>False where something is left.</returns>
    bool TryFlush();

    /// <summary>Sends what is left before the connection ends.</summary>
    /// <param name="patience">How long a peer may take nothing before it is given up.</param>
    ValueTask FinishAsync(TimeSpan patience);

    /// <summary>Waits where the peer is too far behind. Not for the thread that reads.</summary>
    ValueTask WaitForRoomAsync(CancellationToken cancellationToken);
}
