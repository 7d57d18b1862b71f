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
    private Names? _names;

    private McpClientInfo(byte[] json) => _json = json;

    /// <summary>Its name, for programs; empty where it gives none.</summary>
    public string Name => Read().Name;

    /// <summary>Its version, or null.</summary>
    public string? Version => Read().Version;

    /// <summary>Its name for people, or null.</summary>
    public string? Title => Read().Title;

    /// <summary>The raw JSON object, as the client sent it.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <inheritdoc/>
    public override string ToString() => Version is null ? Name : $"{Name} {Version}";

    /// <summary>Takes a raw JSON value that is known to be well-formed, or nothing: null where it is no object. It is read when somebody wants to know.</summary>
    internal static McpClientInfo? Get(ReadOnlySpan<byte> json)
    {
        if (!JsonText.IsObject(json))
        {
            return null;
        }

        if (json.Length > MaxKeptBytes)
        {
            return new McpClientInfo(json.ToArray());
        }

        HashCode hash = default;
        hash.AddBytes(json);
        ref var slot = ref Kept[(uint)hash.ToHashCode() % Slots];
        if (Volatile.Read(ref slot) is { } known && json.SequenceEqual(known._json))
        {
            return known;
        }

        var made = new McpClientInfo(json.ToArray());
        Volatile.Write(ref slot, made);
        return made;
    }

    // Two threads may both read it, and find the same.
    private Names Read()
    {
        if (Volatile.Read(ref _names) is not { } names)
        {
            Volatile.Write(ref _names, names = Parse(_json));
        }

        return names;
    }

    private static Names Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return ParseMembers(json);
        }
        catch (JsonException)
        {
            // What a store of sessions gives back is whatever it is.
            return new Names("", null, null);
        }
    }

    private static Names ParseMembers(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
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
                target = JsonText.TryGetTokenString(reader, out var text) ? text : null;
            }

            reader.Skip();
        }

        return new Names(name ?? "", version, title);
    }

    private sealed record Names(string Name, string? Version, string? Title);
}
