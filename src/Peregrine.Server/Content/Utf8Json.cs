using System.Text;
using System.Text.Json;

namespace Peregrine.Server.Content;

/// <summary>One JSON value as it was written, in UTF-8, for tools that take or return JSON they do not look into. Owns its bytes. Immutable.</summary>
public readonly struct Utf8Json : IEquatable<Utf8Json>
{
    private readonly ReadOnlyMemory<byte> _bytes;

    private Utf8Json(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>The value's bytes; <c>null</c> for a default instance. Line breaks outside of strings are blanks.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.IsEmpty ? Null : _bytes;

    private static ReadOnlyMemory<byte> Null { get; } = "null"u8.ToArray();

    /// <summary>True where the bytes are the same.</summary>
    public static bool operator ==(Utf8Json left, Utf8Json right) => left.Equals(right);

    /// <summary>True where the bytes differ.</summary>
    public static bool operator !=(Utf8Json left, Utf8Json right) => !left.Equals(right);

    /// <summary>Copies one JSON value.</summary>
    /// <exception cref="ArgumentException">It is no JSON value.</exception>
    public static Utf8Json Parse(ReadOnlySpan<byte> json) => new(RawJson.Copy(json, nameof(json)));

    /// <summary>Copies one JSON value.</summary>
    /// <exception cref="ArgumentException">It is no JSON value.</exception>
    public static Utf8Json Parse(string json) => Parse(Encoding.UTF8.GetBytes(json ?? throw new ArgumentNullException(nameof(json))));

    /// <summary>Reads the value.</summary>
    public JsonElement ToElement()
    {
        var reader = new Utf8JsonReader(Bytes.Span);
        return JsonElement.ParseValue(ref reader);
    }

    /// <inheritdoc/>
    public bool Equals(Utf8Json other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Utf8Json other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);
}
