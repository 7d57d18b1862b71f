namespace Peregrine.Execution.Memory;

/// <summary>What one connection's replies and streams have waiting. Under the governor's lock.</summary>
internal sealed class ConnectionLease(object key)
{
    internal object Key { get; } = key;

    internal long Bytes { get; set; }

    internal int Streams { get; set; }
}
