namespace Peregrine.Server.Once;

/// <summary>What a request says under <c>_meta.mcp_tx</c>, and in its <c>Idempotency-Key</c>. Immutable.</summary>
internal sealed class Transaction
{
    /// <summary>The call's key, UTF-8; empty where it has none.</summary>
    internal byte[] Key { get; init; } = [];

    /// <summary>The request's own id, raw JSON; empty where it has none.</summary>
    internal byte[] RequestId { get; init; } = [];

    /// <summary>How often the call was sent before.</summary>
    internal int RetryCount { get; init; }

    /// <summary>When it was sent first.</summary>
    internal DateTimeOffset? Timestamp { get; init; }

    /// <summary>The epoch of the ledger when it was sent first.</summary>
    internal string? Epoch { get; init; }

    /// <summary>True where it said so under <c>_meta</c>: then the reply answers there.</summary>
    internal bool WantsAnswer { get; init; }
}
