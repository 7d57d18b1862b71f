using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Protocol.Text;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>
/// Reads a call's arguments in order, for generated binders: <c>while (arguments.Next()) if (arguments.Is("city"u8)) … else arguments.Skip();</c>.
/// The JSON was judged before, so only types and ranges can be wrong; a failed read leaves the reason in <see cref="Error"/>.
/// </summary>
public ref partial struct ToolArguments
{
    // Longer numbers say nothing to a person, and the caller chose them.
    private const int LongestNumberShown = 40;

    private readonly ReadOnlySpan<byte> _json;
    private readonly JsonSerializerContext? _context;
    private Utf8JsonReader _reader;
    private string? _place;
    private string? _fault;

    /// <summary>Begins to read the arguments of <paramref name="call"/>.</summary>
    public ToolArguments(McpCall call)
        : this(call.RawArguments.Span, call.Server.Options.Json)
    {
    }

    /// <summary>Begins to read one JSON object.</summary>
    internal ToolArguments(ReadOnlySpan<byte> json, JsonSerializerContext? context)
    {
        _json = json;
        _context = context;
        _reader = new Utf8JsonReader(json);
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
        {
            _fault = "\"arguments\" must be an object.";
        }
    }

    /// <summary>Why the arguments are refused, or null.</summary>
    public readonly string? Error => _fault is null || _place is null ? _fault : _place.Length == 0 ? $"The object of arguments {_fault}" : $"Argument \"{_place}\" {_fault}";

    /// <summary>True where the arguments are refused.</summary>
    public readonly bool Failed => _fault is not null;

    /// <summary>Moves to the next argument's name.</summary>
    /// <returns>False at the end, and after an error.</returns>
    public bool Next() => _fault is null && _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName && (!_reader.ValueIsEscaped || IsProperName());

    /// <summary>True where the argument at hand has the name <paramref name="utf8Name"/>, however it is escaped.</summary>
    public readonly bool Is(ReadOnlySpan<byte> utf8Name) => JsonText.TokenEquals(_reader, utf8Name);

    /// <summary>Skips the value of an argument that no parameter takes.</summary>
    public void Skip()
    {
        _reader.Read();
        _reader.Skip();
    }

    /// <summary>Records that nothing takes the member at hand.</summary>
    public void RefuseUnknown() => Fail("", $"has an unknown member{(_reader.ValueIsEscaped || _reader.ValueSpan.Length > LongestNumberShown ? "" : $" \"{Encoding.UTF8.GetString(_reader.ValueSpan)}\"")}.");

    /// <summary>Moves to the value of the argument at hand.</summary>
    public void Read() => _reader.Read();

    /// <summary>Moves to the value of the argument at hand, and records where it was given before.</summary>
    /// <param name="name">The argument's name, for the error.</param>
    /// <param name="given">True where the argument was given before; true afterwards.</param>
    public void Read(string name, ref bool given)
    {
        if (given)
        {
            Duplicate(name);
        }

        given = true;
        _reader.Read();
    }

    /// <summary>Moves to the value of the argument at hand, and tells whether it is null.</summary>
    public bool ReadIsNull()
    {
        _reader.Read();
        return _reader.TokenType == JsonTokenType.Null;
    }

    /// <summary>Moves to the value of the argument at hand, records where it was given before, and tells whether it is null.</summary>
    /// <inheritdoc cref="Read(string, ref bool)"/>
    public bool ReadIsNull(string name, ref bool given)
    {
        Read(name, ref given);
        return _reader.TokenType == JsonTokenType.Null;
    }

    /// <summary>Records that an argument occurs twice.</summary>
    public void Duplicate(string name) => Fail(name, "is given twice.");

    /// <summary>Records that there is an argument, though the tool takes none.</summary>
    public void Unexpected() => _fault ??= "This tool takes no arguments.";

    /// <summary>Records another violation.</summary>
    /// <param name="name">The argument's name.</param>
    /// <param name="fault">What is wrong with it, such as <c>must be more than 0.</c></param>
    public void Refuse(string name, string fault) => Fail(name, fault);

    /// <summary>Reads a boolean; call <see cref="Read(string, ref bool)"/> first.</summary>
    public bool GetBoolean(string name) =>
        _reader.TokenType is JsonTokenType.True or JsonTokenType.False ? _reader.GetBoolean() : WrongType(name, "true or false", false);

    // No parameter, member or key can have a name that is no text, and the caller learns of it before its value is passed over.
    private bool IsProperName()
    {
        if (IsWellFormed(_reader))
        {
            return true;
        }

        Fail("", "has a member whose name is not valid text (an escape for a lone surrogate).");
        return false;
    }

    private T WrongType<T>(string name, string wanted, T fallback)
    {
        if (_fault is null)
        {
            Fail(name, $"must be {wanted}; found {Found()}.");
        }

        if (_reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            _reader.Skip();
        }

        return fallback;
    }

    // What was found first counts. The place is that within the innermost object or array; those around add theirs.
    private void Fail(string place, string fault)
    {
        if (_fault is null)
        {
            _place = place;
            _fault = fault;
        }
    }

    // Numbers are named, for they are short and say what is wrong; a text may be long or a secret.
    private readonly string Found() => _reader.TokenType switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number when _reader.ValueSpan.Length <= LongestNumberShown => Encoding.UTF8.GetString(_reader.ValueSpan),
        JsonTokenType.Number => "a number",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        _ => "an object",
    };
}
