namespace Peregrine.Protocol.ServerSentEvents;

/// <summary>One event of an event stream. The spans are valid until the parser reads on.</summary>
public readonly ref struct SseEvent
{
    /// <summary>The event's type; <c>message</c> where the stream names none.</summary>
    public ReadOnlySpan<byte> Type { get; init; }

    /// <summary>The data: all data lines, joined by LF.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>The last id seen on the stream.</summary>
    public ReadOnlySpan<byte> LastEventId { get; init; }

    /// <summary>The reconnection time that this event set, in milliseconds; -1 where it set none.</summary>
    public long RetryMilliseconds { get; init; }
}
