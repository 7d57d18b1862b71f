using System.Buffers;

namespace Peregrine.Execution.Stores;

/// <summary>
/// Numbered events in streams, to be read from any number on as long as they are kept: invalidations, events of subscriptions, streams that can be resumed. Implementations are
/// thread-safe.
/// </summary>
public interface IEventLog
{
    /// <summary>Appends an event.</summary>
    /// <param name="stream">The stream's name, 1 to 1,024 characters; it begins with its first event.</param>
    /// <param name="value">The event's bytes; copied.</param>
    /// <param name="timeToLive">How long the event is kept at least; more than zero.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its number: 1 for the first of the stream, then one more each; a stream that is forgotten as a whole goes on counting as long as the store lives.</returns>
    /// <exception cref="IOException">The store cannot write.</exception>
    ValueTask<long> AppendAsync(string stream, ReadOnlySequence<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Reads the events behind a number.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="after">The number of the last event that is known; 0 for all that are kept.</param>
    /// <param name="limit">How many at most, 1 or more.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<EventPage> ReadAsync(string stream, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Waits until a stream has an event behind a number.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="after">The number of the last event that is known.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    ValueTask WaitAsync(string stream, long after, CancellationToken cancellationToken);
}
