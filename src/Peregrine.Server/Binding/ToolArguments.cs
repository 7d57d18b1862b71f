using System.Text.Json;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>
/// Reads a call's arguments in order, for generated binders: <c>while (arguments.Next()) if (arguments.Is("city"u8)) … else arguments.Skip();</c>.
/// The JSON was judged before, so only types and ranges can be wrong; a failed read leaves the reason in <see cref="Error"/>.
/// </summary>
public ref struct ToolArguments
{
    private Utf8JsonReader _reader;

    /// <summary>Begins to read the arguments of <paramref name="call"/>.</summary>
    public ToolArguments(McpCall call)
    {
        _reader = new Utf8JsonReader(call.RawArguments.Span);
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
        {
            Error = "\"arguments\" must be an object.";
        }
    }

    /// <summary>Why the arguments are refused, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>Moves to the next argument's name.</summary>
    /// <returns>False at the end, and after an error.</returns>
    public bool Next() => Error is null && _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>True where the argument at hand has the name <paramref name="utf8Name"/>, however it is escaped.</summary>
    public readonly bool Is(ReadOnlySpan<byte> utf8Name) => _reader.ValueTextEquals(utf8Name);

    /// <summary>Skips the value of an argument that no parameter takes.</summary>
    public void Skip()
    {
        _reader.Read();
        _reader.Skip();
    }

    /// <summary>Moves to the value of the argument at hand, and tells whether it is null.</summary>
    public bool ReadIsNull()
    {
        _reader.Read();
        return _reader.TokenType == JsonTokenType.Null;
    }

    /// <summary>Records that an argument occurs twice.</summary>
    public void Duplicate(string name) => Error ??= $"Argument \"{name}\" is given twice.";

    /// <summary>Records that a required argument is missing.</summary>
    public void Missing(string name) => Error ??= $"Argument \"{name}\" is required.";

    /// <summary>Records another violation.</summary>
    public void Refuse(string message) => Error ??= message;

    /// <summary>Reads a string; call <see cref="ReadIsNull"/> first.</summary>
    public string GetString(string name)
    {
        if (_reader.TokenType != JsonTokenType.String)
        {
            return WrongType(name, "a string", "");
        }

        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return WrongType(name, "a string without lone surrogates", "");
        }
    }

    /// <summary>Reads a boolean; call <see cref="ReadIsNull"/> first.</summary>
    public bool GetBoolean(string name) =>
        _reader.TokenType is JsonTokenType.True or JsonTokenType.False ? _reader.GetBoolean() : WrongType(name, "true or false", false);

    /// <summary>Reads an integer of 64 bits; call <see cref="ReadIsNull"/> first.</summary>
    public long GetInt64(string name, long min = long.MinValue, long max = long.MaxValue)
    {
        if (_reader.TokenType != JsonTokenType.Number)
        {
            return WrongType(name, "an integer", 0L);
        }

        // 1.0 and 1e3 are integers in JSON Schema; decimal takes them without loss.
        if (!_reader.TryGetInt64(out var value)
            && !(_reader.TryGetDecimal(out var wide) && decimal.IsInteger(wide) && wide >= long.MinValue && wide <= long.MaxValue && (value = (long)wide) == wide))
        {
            return WrongType(name, "an integer", 0L);
        }

        return value >= min && value <= max ? value : WrongType(name, $"an integer from {min} to {max}", 0L);
    }

    /// <summary>Reads an unsigned integer of 64 bits; call <see cref="ReadIsNull"/> first.</summary>
    public ulong GetUInt64(string name)
    {
        if (_reader.TokenType == JsonTokenType.Number)
        {
            if (_reader.TryGetUInt64(out var value))
            {
                return value;
            }

            if (_reader.TryGetDecimal(out var wide) && decimal.IsInteger(wide) && wide >= 0 && wide <= ulong.MaxValue)
            {
                return (ulong)wide;
            }
        }

        return WrongType(name, "an integer from 0 to 18446744073709551615", 0UL);
    }

    /// <summary>Reads a number; call <see cref="ReadIsNull"/> first.</summary>
    public double GetDouble(string name) =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : WrongType(name, "a number", 0d);

    /// <summary>Reads a decimal number; call <see cref="ReadIsNull"/> first.</summary>
    public decimal GetDecimal(string name) =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetDecimal(out var value) ? value : WrongType(name, "a number", 0m);

    private T WrongType<T>(string name, string wanted, T fallback)
    {
        var found = _reader.TokenType switch
        {
            JsonTokenType.String => "a string",
            JsonTokenType.Number => "a number",
            JsonTokenType.True or JsonTokenType.False => "a boolean",
            JsonTokenType.Null => "null",
            JsonTokenType.StartArray => "an array",
            _ => "an object",
        };
        Error ??= $"Argument \"{name}\" must be {wanted}; found {found}.";
        if (_reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            _reader.Skip();
        }

        return fallback;
    }
}
