namespace Peregrine.Client.Reliability;

/// <summary>Which calls of tools carry an idempotency key, where the server has a ledger (<c>mcp_tx</c>).</summary>
public enum KeyPolicy
{
    /// <summary>Those whose caller gives one in <see cref="Calling.CallOptions.IdempotencyKey"/>.</summary>
    WhenGiven,

    /// <summary>All that are not known to be harmless when they run twice; the client makes keys for those that have none. About 220 bytes a call on the wire.</summary>
    EveryCall,
}
