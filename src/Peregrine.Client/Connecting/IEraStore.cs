namespace Peregrine.Client.Connecting;

/// <summary>Remembers how servers were spoken to, so that the next connection need not find out again. Implementations are thread-safe.</summary>
public interface IEraStore
{
    /// <summary>What is known of a server; null where nothing is.</summary>
    /// <param name="server">Its URL, or its command line with null characters between the words.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<RememberedEra?> FindAsync(string server, CancellationToken cancellationToken = default);

    /// <summary>Remembers what was found out.</summary>
    /// <param name="server">Which server.</param>
    /// <param name="era">How it was spoken to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask RememberAsync(string server, RememberedEra era, CancellationToken cancellationToken = default);

    /// <summary>Forgets a server: what was known of it is no longer true.</summary>
    /// <param name="server">Which server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask ForgetAsync(string server, CancellationToken cancellationToken = default);
}
