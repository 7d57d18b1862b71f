namespace Peregrine.Client.Json;

/// <summary>Gives members of a raw JSON object as slices of it.</summary>
internal static class RawObject
{
    /// <summary>The member's raw value; empty where there is none.</summary>
    internal static ReadOnlyMemory<byte> Find(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> name)
    {
        var members = new ObjectReader(json.Span);
        while (members.Next())
        {
            if (members.Is(name))
            {
                return members.Range.Of(json);
            }
        }

        return default;
    }

    /// <summary>True where the member is the literal <c>true</c>.</summary>
    internal static bool IsTrue(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) => ObjectReader.Find(json, name).SequenceEqual("true"u8);

    /// <summary>The member as an integer; null where there is none.</summary>
    internal static long? FindInteger(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        Protocol.Text.JsonText.TryGetInt64(ObjectReader.Find(json, name), out var value) ? value : null;
}
