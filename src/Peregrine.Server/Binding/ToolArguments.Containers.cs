using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Binding;

// Objects and arrays within arguments. Whoever begins one ends it, also after an error: that gives the error its place.
public ref partial struct ToolArguments
{
    /// <summary>Begins an object: its members are read with <see cref="Next"/> and the methods for arguments.</summary>
    /// <param name="name">The name of what is an object; empty for an element of an array.</param>
    /// <returns>False where it is none.</returns>
    public bool BeginObject(string name)
    {
        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        WrongType(name, "an object", 0);
        return false;
    }

    /// <summary>Ends an object that was begun.</summary>
    public void EndObject(string name)
    {
        if (_fault is not null)
        {
            _place = name.Length == 0 ? _place : Join(name, _place);
        }
    }

    /// <summary>Begins an array.</summary>
    /// <param name="name">The name of what is an array; empty for an element of another.</param>
    /// <returns>False where it is none.</returns>
    public bool BeginArray(string name)
    {
        if (_reader.TokenType == JsonTokenType.StartArray)
        {
            return true;
        }

        WrongType(name, "an array", 0);
        return false;
    }

    /// <summary>Moves to the next element of an array.</summary>
    /// <returns>False at the end, and after an error.</returns>
    public bool NextItem() => _fault is null && _reader.Read() && _reader.TokenType != JsonTokenType.EndArray;

    /// <summary>Moves to the next member of an object whose names are data, and to its value.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>False at the end, and after an error.</returns>
    public bool NextEntry(out string key)
    {
        var isThere = Next();
        key = isThere ? _reader.GetString()! : "";
        return isThere && _reader.Read();
    }

    /// <summary>True where the value at hand is null.</summary>
    public readonly bool IsNull => _reader.TokenType == JsonTokenType.Null;

    /// <summary>Ends an element of an array.</summary>
    public void EndItem(int index)
    {
        if (_fault is not null)
        {
            _place = Join($"[{index}]", _place);
        }
    }

    /// <summary>Ends a member of an object whose names are data.</summary>
    public void EndEntry(string key)
    {
        if (_fault is not null)
        {
            _place = Join(key, _place);
        }
    }

    /// <summary>Ends an array that was begun, and judges its length.</summary>
    /// <param name="name">Its name, as it was begun.</param>
    /// <param name="count">How many elements it has.</param>
    /// <param name="min">The least number.</param>
    /// <param name="max">The greatest number.</param>
    public void EndArray(string name, int count, int min = 0, int max = int.MaxValue)
    {
        if (_fault is not null)
        {
            _place = Join(name, _place);
        }
        else if (count < min || count > max)
        {
            Fail(name, $"must have {Range(min, max)} elements; found {count}.");
        }
    }

    /// <summary>
    /// Finds which of several forms an object has, by a member that names it, wherever in the object that stands. The object is then read from its beginning.
    /// </summary>
    /// <param name="name">The object's name.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="tokens">The member's values, as JSON: strings with their quotes, or integers.</param>
    /// <param name="isRequired">True where the member must be there.</param>
    /// <returns>The index of its value; -1 where there is no such member, or after an error.</returns>
    public int Discriminate(string name, string member, scoped ReadOnlySpan<string> tokens, bool isRequired)
    {
        if (!BeginObject(name))
        {
            return -1;
        }

        var ahead = _reader;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isMember = TokenEquals(ahead, member);
            ahead.Read();
            if (!isMember)
            {
                ahead.Skip();
                continue;
            }

            for (var i = 0; i < tokens.Length; i++)
            {
                if (IsToken(ahead, tokens[i]))
                {
                    return i;
                }
            }

            Fail(Join(name, member), $"must be one of {string.Join(", ", tokens!)}.");
            return -1;
        }

        if (isRequired)
        {
            Fail(Join(name, member), $"is required: one of {string.Join(", ", tokens!)}.");
        }

        return -1;
    }

    private static bool IsToken(in Utf8JsonReader reader, string token) => token[0] == '"'
        ? reader.TokenType == JsonTokenType.String && TokenEquals(reader, token[1..^1])
        : reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && number.ToString(System.Globalization.CultureInfo.InvariantCulture) == token;

    // An escape may stand for half a character; the reader throws at that.
    private static bool TokenEquals(in Utf8JsonReader reader, string text) =>
        reader.ValueIsEscaped ? JsonText.TokenEquals(reader, Encoding.UTF8.GetBytes(text)) : reader.ValueTextEquals(text);

    private static string Join(string outer, string? inner) => inner is null or "" ? outer
        : outer.Length == 0 || inner[0] == '[' ? outer + inner
        : $"{outer}.{inner}";
}
