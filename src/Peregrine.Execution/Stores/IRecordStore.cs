using System.Buffers;

namespace Peregrine.Execution.Stores;

/// <summary>
/// Versioned records by name, changed only by those who know the version, forgotten after a time: sessions, tasks, sequences. Implementations are thread-safe. A write is as durable as
/// the store when it returns.
/// </summary>
public interface IRecordStore
{
    /// <summary>Reads a record.</summary>
    /// <param name="name">Its name, 1 to 1,024 characters.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null where there is none, or its time is over.</returns>
    ValueTask<StoredRecord?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a record if its version is the expected one.</summary>
    /// <param name="name">Its name, 1 to 1,024 characters.</param>
    /// <param name="expectedVersion">The version that it must have; 0 where there must be none.</param>
    /// <param name="value">Its bytes; copied.</param>
    /// <param name="timeToLive">When it is forgotten, counted from now; more than zero.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The new version; 0 where the version was another one, and nothing was written.</returns>
    /// <exception cref="IOException">The store cannot write.</exception>
    ValueTask<long> WriteAsync(string name, long expectedVersion, ReadOnlySequence<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Deletes a record if its version is the expected one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="expectedVersion">The version that it must have.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False where the version was another one, or there was none.</returns>
    /// <exception cref="IOException">The store cannot write.</exception>
    ValueTask<bool> DeleteAsync(string name, long expectedVersion, CancellationToken cancellationToken);
}
