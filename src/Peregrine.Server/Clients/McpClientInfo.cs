using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Clients;

/// <summary>Which program a client says it is. Never proven: not for decisions about what it may do. Immutable.</summary>
public sealed class McpClientInfo
{
    // There are few kinds of clients; what does not fit is read anew, so that strangers cannot fill the memory.
    private const int Slots = 64;
    private const int MaxKeptBytes = 512;
    private static readonly McpClientInfo?[] Kept = new McpClientInfo?[Slots];

    private readonly byte[] _json;

    private McpClientInfo(byte[] json, string name, string? version, string? title)
    {
        _json = json;
        Name = name;
        Version = version;
        Title = title;
    }

    /// <summary>Its name, for programs; empty where it gives none.</summary>
    public string Name { get; }

    /// <summary>Its version, or null.</summary>
    public string? Version { get; }

    /// <summary>Its name for people, or null.</summary>
    public string? Title { get; }

    /// <summary>The raw JSON object, as the client sent it.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <inheritdoc/>
    public override string ToString() => Version is null ? Name : $"{Name} {Version}";

    /// <summary>Reads a raw JSON value: null where it is no object.</summary>
    internal static McpClientInfo? Get(ReadOnlySpan<byte> json)
    {
        if (json.Length is 0 or > MaxKeptBytes)
        {
            return json.IsEmpty ? null : Parse(json);
        }

        HashCode hash = default;
        hash.AddBytes(json);
        ref var slot = ref Kept[(uint)hash.ToHashCode() % Slots];
        if (Volatile.Read(ref slot) is { } known && json.SequenceEqual(known._json))
        {
            return known;
        }

        var read = Parse(json);
        Volatile.Write(ref slot, read);
        return read;
    }

    private static McpClientInfo? Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        string? name = null, version = null, title = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ref var target = ref name;
            var isWanted = true;
            if (JsonText.TokenEquals(reader, "version"u8))
            {
                target = ref version;
            }
            else if (JsonText.TokenEquals(reader, "title"u8))
            {
                target = ref title;
            }
            else
            {
                isWanted = JsonText.TokenEquals(reader, "name"u8);
            }

            reader.Read();
            if (isWanted && reader.TokenType == JsonTokenType.String)
            {
                // Text that is no proper Unicode is nobody's name.
                target = JsonText.TryGetString(json.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2), out var text) ? text : null;
            }

            reader.Skip();
        }

        return new McpClientInfo(json.ToArray(), name ?? "", version, title);
    }
}
