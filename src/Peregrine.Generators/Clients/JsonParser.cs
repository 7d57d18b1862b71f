using System.Globalization;
using System.Text;

namespace Peregrine.Generators.Clients;

/// <summary>Reads JSON text. Strict in what matters here: what it cannot read it refuses, with the line.</summary>
internal sealed class JsonParser
{
    private const int MaxDepth = 128;

    private readonly string _text;
    private int _at;
    private int _depth;

    private JsonParser(string text) => _text = text;

    /// <exception cref="FormatException">The text is no JSON.</exception>
    internal static JsonNode Parse(string text)
    {
        var parser = new JsonParser(text);
        var value = parser.Value();
        parser.Skip();
        return parser._at == text.Length ? value : throw parser.Fault("nothing more");
    }

    private JsonNode Value()
    {
        Skip();
        switch (Peek())
        {
            case '{':
                return Object();
            case '[':
                return Array();
            case '"':
                return new JsonNode { Text = String() };
            case 't':
                Word("true");
                return new JsonNode { IsTrue = true };
            case 'f':
                Word("false");
                return new JsonNode { IsFalse = true };
            case 'n':
                Word("null");
                return new JsonNode();
            default:
                return Number();
        }
    }

    private JsonNode Object()
    {
        Enter();
        List<KeyValuePair<string, JsonNode>> members = [];
        for (Skip(); Peek() != '}'; Skip())
        {
            if (members.Count > 0)
            {
                Take(',');
                Skip();
            }

            var name = String();
            Skip();
            Take(':');
            members.Add(new(name, Value()));
        }

        Leave();
        return new JsonNode { MembersOrNull = members };
    }

    private JsonNode Array()
    {
        Enter();
        List<JsonNode> items = [];
        for (Skip(); Peek() != ']'; Skip())
        {
            if (items.Count > 0)
            {
                Take(',');
            }

            items.Add(Value());
        }

        Leave();
        return new JsonNode { ItemsOrNull = items };
    }

    private string String()
    {
        Take('"');
        var text = new StringBuilder();
        while (Peek() != '"')
        {
            var c = _text[_at++];
            if (c < ' ')
            {
                throw Fault("no control character in a text");
            }

            text.Append(c == '\\' ? Escape() : c);
        }

        _at++;
        return text.ToString();
    }

    private char Escape()
    {
        var c = Peek();
        _at++;
        if (c == 'u' && _at + 4 <= _text.Length && ushort.TryParse(_text.Substring(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
        {
            _at += 4;
            return (char)unit;
        }

        return c switch
        {
            '"' or '\\' or '/' => c,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw Fault("an escape"),
        };
    }

    private JsonNode Number()
    {
        var start = _at;
        while (_at < _text.Length && "+-.0123456789eE".IndexOf(_text[_at]) >= 0)
        {
            _at++;
        }

        return double.TryParse(_text.Substring(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? new JsonNode() : throw Fault("a value");
    }

    private void Enter()
    {
        _at++;
        if (++_depth > MaxDepth)
        {
            throw Fault("less nesting");
        }
    }

    private void Leave()
    {
        _at++;
        _depth--;
    }

    private void Word(string word)
    {
        foreach (var c in word)
        {
            Take(c);
        }
    }

    private void Take(char expected)
    {
        if (Peek() != expected)
        {
            throw Fault($"'{expected}'");
        }

        _at++;
    }

    private char Peek() => _at < _text.Length ? _text[_at] : throw Fault("more");

    private void Skip()
    {
        while (_at < _text.Length && " \t\r\n\uFEFF".IndexOf(_text[_at]) >= 0)
        {
            _at++;
        }
    }

    private FormatException Fault(string expected) =>
        new($"line {_text.Take(Math.Min(_at, _text.Length)).Count(static c => c == '\n') + 1}: no JSON, expected {expected}");
}
