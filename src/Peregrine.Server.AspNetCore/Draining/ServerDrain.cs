namespace Peregrine.Server.AspNetCore.Draining;

/// <summary>
/// Whether this process is about to end: then no new call is taken, what is in flight goes on, and streams end. One for each web application. Thread-safe.
/// </summary>
internal sealed class ServerDrain : IDisposable
{
    private readonly CancellationTokenSource _begun = new();

    /// <summary>True once it has begun.</summary>
    internal bool HasBegun => _begun.IsCancellationRequested;

    /// <summary>Fires when it begins. Streams that would stay open end with it.</summary>
    internal CancellationToken Begun => _begun.Token;

    /// <summary>Begins. Does nothing the second time.</summary>
    internal void Begin() => _begun.Cancel();

    public void Dispose() => _begun.Dispose();
}
