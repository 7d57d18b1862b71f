namespace Peregrine.Gateway.State;

/// <summary>Where a gateway keeps what should outlive it. The one way to its files; implementations are thread-safe.</summary>
internal interface IStateFolder
{
    /// <summary>Reads an entry.</summary>
    /// <returns>Its content; null where there is none, or it cannot be read.</returns>
    ValueTask<byte[]?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Replaces an entry as a whole: a crash leaves the old one or the new one.</summary>
    /// <returns>False where it could not be written; the gateway goes on without.</returns>
    ValueTask<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}
