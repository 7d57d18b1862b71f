using System.Text;
using System.Text.Json;

namespace Peregrine.Gateway.Configuration;

/// <summary>
/// Reads JSON with comments and trailing commas into nodes that know their line and column. Instead of <see cref="JsonDocument"/>, which
/// forgets where a value stood and which of two equal members came first.
/// </summary>
internal ref struct ConfigReader
{
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _reader;
    private int _lineStart;
    private int _line;
    private int _scanned;

    private ConfigReader(ReadOnlySpan<byte> text)
    {
        _text = text;
        _line = 1;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = MaxDepth,
        });
    }

    /// <summary>Reads a file.</summary>
    /// <param name="text">The file, UTF-8, with or without a byte order mark.</param>
    /// <param name="fault">Where the syntax is wrong, and how; null where it is right.</param>
    /// <returns>The value, or null where the syntax is wrong.</returns>
    internal static ConfigNode? Read(ReadOnlySpan<byte> text, out (ConfigPosition Position, string Message)? fault)
    {
        text = text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
        fault = null;
        try
        {
            var reader = new ConfigReader(text);
            reader._reader.Read();
            var node = reader.ReadValue();

            // Reads to the end, for what stands behind the value.
            reader._reader.Read();
            return node;
        }
        catch (JsonException exception)
        {
            fault = (Locate(text, exception), Explain(exception));
            return null;
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for a string with invalid UTF-8 or a lone surrogate.
            fault = (new ConfigPosition(1, 1), "A string in this file is not valid UTF-8 or has half of a surrogate pair.");
            return null;
        }
    }

    private ConfigNode ReadValue()
    {
        var position = Position();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(position);
            case JsonTokenType.StartArray:
                return ReadArray(position);
            case JsonTokenType.String:
                return new ConfigNode { Kind = ConfigNodeKind.String, Position = position, Text = _reader.GetString()! };
            case JsonTokenType.Number:
                return new ConfigNode { Kind = ConfigNodeKind.Number, Position = position, Text = Encoding.UTF8.GetString(_reader.ValueSpan) };
            case JsonTokenType.Null:
                return new ConfigNode { Kind = ConfigNodeKind.Null, Position = position, Text = "null" };
            default:
                return new ConfigNode
                {
                    Kind = ConfigNodeKind.Boolean,
                    Position = position,
                    Text = _reader.TokenType == JsonTokenType.True ? "true" : "false",
                };
        }
    }

    private ConfigNode ReadObject(ConfigPosition position)
    {
        var node = new ConfigNode { Kind = ConfigNodeKind.Object, Position = position };
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = _reader.GetString()!;
            var at = Position();
            _reader.Read();
            node.Members.Add(new ConfigMember(name, at, ReadValue()));
        }

        return node;
    }

    private ConfigNode ReadArray(ConfigPosition position)
    {
        var node = new ConfigNode { Kind = ConfigNodeKind.Array, Position = position };
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            node.Items.Add(ReadValue());
        }

        return node;
    }

    // Tokens come in order, so each line break is counted once.
    private ConfigPosition Position()
    {
        var offset = (int)_reader.TokenStartIndex;
        for (; _scanned < offset; _scanned++)
        {
            if (_text[_scanned] == (byte)'\n')
            {
                _line++;
                _lineStart = _scanned + 1;
            }
        }

        return new ConfigPosition(_line, 1 + Encoding.UTF8.GetCharCount(_text[_lineStart..offset]));
    }

    private static ConfigPosition Locate(ReadOnlySpan<byte> text, JsonException exception)
    {
        var line = (int)(exception.LineNumber ?? 0);
        var rest = text;
        for (var i = 0; i < line; i++)
        {
            rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        }

        var column = (int)Math.Min(exception.BytePositionInLine ?? 0, rest.Length);
        return new ConfigPosition(line + 1, 1 + Encoding.UTF8.GetCharCount(rest[..column]));
    }

    // The reader's own text ends with a position that counts from 0; the place is given in front already.
    private static string Explain(JsonException exception)
    {
        if (exception.Message.Contains("invalid JSON literal", StringComparison.Ordinal))
        {
            // The reader's words quote what it found, which may be a secret without its quotes.
            return "This is not valid JSON: a word that stands where a value should is none of true, false and null; texts stand in quotes.";
        }

        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return "This is not valid JSON: " + (end < 0 ? exception.Message : exception.Message[..end]);
    }
}
