using System.Text.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Json;

/// <summary>Walks the members of a raw JSON object that is known to be valid, without building anything. Of anything but an object it finds no members.</summary>
internal ref struct ObjectReader
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;
    private ReadOnlySpan<byte> _name;

    internal ObjectReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        if (JsonText.IsObject(json))
        {
            _reader = new Utf8JsonReader(json);
            _reader.Read();
        }
    }

    /// <summary>Where the member's value lies.</summary>
    internal JsonRange Range { get; private set; }

    /// <summary>The member's value, raw.</summary>
    internal readonly ReadOnlySpan<byte> Value => Range.Of(_json);

    /// <summary>The member's name, raw, with its quotes.</summary>
    internal readonly ReadOnlySpan<byte> Name => _name;

    /// <summary>The member's name; empty where it is no proper text.</summary>
    internal readonly string NameText => JsonText.TryGetString(_name, out var name) ? name : "";

    /// <summary>Moves to the next member.</summary>
    internal bool Next()
    {
        if (_json.IsEmpty || !JsonText.IsObject(_json) || !_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        _name = _json.Slice((int)_reader.TokenStartIndex, _reader.ValueSpan.Length + 2);
        _reader.Read();
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        Range = new JsonRange(start, (int)_reader.BytesConsumed - start);
        return true;
    }

    /// <summary>True where the member has this name, however it is escaped.</summary>
    internal readonly bool Is(ReadOnlySpan<byte> name) => JsonText.ContentEquals(_name, name);

    /// <summary>The value of one member, raw; empty where there is none.</summary>
    internal static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var members = new ObjectReader(json);
        while (members.Next())
        {
            if (members.Is(name))
            {
                return members.Value;
            }
        }

        return default;
    }

    /// <summary>The text of one member; null where there is none or it is no string.</summary>
    internal static string? FindText(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        JsonText.TryGetString(Find(json, name), out var text) ? text : null;
}
