namespace Peregrine.Integration.Tests.Once;

/// <summary>One run of the server's process, and the way to it. Thread-safe.</summary>
internal interface IOnceLink : IAsyncDisposable
{
    /// <summary>The ledger's epoch in this run.</summary>
    string Epoch { get; }

    /// <summary>Sends a call and waits for its reply.</summary>
    /// <param name="call">The message, whose id is <paramref name="id"/>.</param>
    /// <param name="id">Unique in this run.</param>
    /// <param name="lost">Where it fires the reply is lost on its way.</param>
    /// <returns>The reply; null where none came.</returns>
    Task<string?> CallAsync(string call, long id, CancellationToken lost);

    /// <summary>kill -9, and waits until the process is gone.</summary>
    Task KillAsync();
}
