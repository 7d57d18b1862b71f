namespace Peregrine.Server.Clients;

/// <summary>
/// One <see cref="McpClientCapabilities"/> for equal bytes: clients of the stateless era repeat theirs with every request, and there are few kinds of clients. Thread-safe, without a
/// lock; bounded, for the bytes are chosen by strangers.
/// </summary>
internal sealed class McpClientCapabilitiesCache
{
    private const int Slots = 256;

    // Longer ones are read anew each time: nobody may fill the memory with them.
    private const int MaxCachedBytes = 1024;

    /// <summary>The cache of the process: what a client can do is no secret, and the same for every server.</summary>
    internal static McpClientCapabilitiesCache Shared { get; } = new();

    private readonly McpClientCapabilities?[] _slots = new McpClientCapabilities?[Slots];

    internal McpClientCapabilities Get(ReadOnlySpan<byte> json)
    {
        if (json.Length <= 2)
        {
            return McpClientCapabilities.None;
        }

        if (json.Length > MaxCachedBytes)
        {
            return McpClientCapabilities.Parse(json);
        }

        ref var slot = ref _slots[(int)(Hash(json) % Slots)];
        if (Volatile.Read(ref slot) is { } known && json.SequenceEqual(known.Json.Span))
        {
            return known;
        }

        // A newcomer takes the slot: two kinds that share one cost a parse each time, no more.
        var read = McpClientCapabilities.Parse(json);
        Volatile.Write(ref slot, read);
        return read;
    }

    private static uint Hash(ReadOnlySpan<byte> json)
    {
        var hash = default(HashCode);
        hash.AddBytes(json);
        return (uint)hash.ToHashCode();
    }
}
