using System.Text.Json;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Client.Json;

/// <summary>Walks the elements of a raw JSON array that is known to be valid. Of anything but an array it finds no elements.</summary>
internal ref struct ArrayReader
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _isArray;
    private Utf8JsonReader _reader;

    internal ArrayReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        _isArray = json.Length >= 2 && json[0] == (byte)'[';
        if (_isArray)
        {
            _reader = new Utf8JsonReader(json);
            _reader.Read();
        }
    }

    /// <summary>Where the element lies.</summary>
    internal JsonRange Range { get; private set; }

    /// <summary>The element, raw.</summary>
    internal readonly ReadOnlySpan<byte> Value => Range.Of(_json);

    /// <summary>Moves to the next element.</summary>
    internal bool Next()
    {
        if (!_isArray || !_reader.Read() || _reader.TokenType == JsonTokenType.EndArray)
        {
            return false;
        }

        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        Range = new JsonRange(start, (int)_reader.BytesConsumed - start);
        return true;
    }
}
