namespace Peregrine.Protocol.JsonRpc;

/// <summary>Where one JSON value lies in a message: its raw bytes, quotes included. The default value means "absent".</summary>
/// <param name="Start">Offset of the first byte.</param>
/// <param name="Length">Number of bytes; 0 means that the member is absent, for no JSON value is empty.</param>
public readonly record struct JsonRange(int Start, int Length)
{
    /// <summary>True where the message has this value.</summary>
    public bool IsPresent => Length != 0;

    /// <summary>The offset behind the last byte.</summary>
    public int End => Start + Length;

    /// <summary>The raw bytes of this value in <paramref name="message"/>; empty where absent.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> message) => message.Slice(Start, Length);

    /// <summary>The raw bytes of this value in <paramref name="message"/>; empty where absent.</summary>
    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> message) => message.Slice(Start, Length);
}
