namespace Peregrine.Server.Clients;

/// <summary>
/// One <see cref="ClientCapabilities"/> for equal bytes: clients of the stateless era repeat theirs with every request, and there are few kinds of clients. Thread-safe, without a
/// lock; bounded, for the bytes are chosen by strangers.
/// </summary>
internal sealed class ClientCapabilitiesCache
{
    private const int Slots = 256;

    // Longer ones are read anew each time: nobody may fill the memory with them.
    private const int MaxCachedBytes = 1024;

    /// <summary>The cache of the process: what a client can do is no secret, and the same for every server.</summary>
    internal static ClientCapabilitiesCache Shared { get; } = new();

    private readonly ClientCapabilities?[] _slots = new ClientCapabilities?[Slots];

    internal ClientCapabilities Get(ReadOnlySpan<byte> json)
    {
        if (json.Length <= 2)
        {
            return ClientCapabilities.None;
        }

        if (json.Length > MaxCachedBytes)
        {
            return ClientCapabilities.Parse(json);
        }

        ref var slot = ref _slots[(int)(Hash(json) % Slots)];
        if (Volatile.Read(ref slot) is { } known && json.SequenceEqual(known.Json.Span))
        {
            return known;
        }

        // A newcomer takes the slot: two kinds that share one cost a parse each time, no more.
        var read = ClientCapabilities.Parse(json);
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
