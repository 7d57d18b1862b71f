namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>
/// Keeps sessions beyond the life of the process, as bytes that only the endpoint understands: revision, capabilities, log level, times. What is in flight is not kept: calls and
/// streams end with the process. Implementations are thread-safe.
/// </summary>
/// <remarks>One process at a time: two that share a store would each serve a session without knowing of the other's part.</remarks>
public interface IMcpSessionStore
{
    /// <summary>Keeps a session, in place of what was kept under its id. Kept when the task ends.</summary>
    /// <param name="id">The session's id: letters, digits, <c>-</c> and <c>_</c>. Whoever knows it can use the session.</param>
    /// <param name="record">What to keep; not to be used after the task has ended.</param>
    /// <param name="expires">From then on nobody will ask for it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask SaveAsync(string id, ReadOnlyMemory<byte> record, DateTimeOffset expires, CancellationToken cancellationToken);

    /// <summary>What was kept.</summary>
    /// <param name="id">Of the same form as for <see cref="SaveAsync"/>, but perhaps made up by a stranger.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The record, or null where there is none.</returns>
    ValueTask<byte[]?> LoadAsync(string id, CancellationToken cancellationToken);

    /// <summary>Forgets a session. Does nothing where there is none.</summary>
    ValueTask RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Forgets the sessions that have expired. Called now and then.</summary>
    ValueTask RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
