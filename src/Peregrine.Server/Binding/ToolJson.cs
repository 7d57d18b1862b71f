using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Server.Content;

namespace Peregrine.Server.Binding;

/// <summary>
/// Writes a result as JSON, for generated code: values in the form that System.Text.Json gives them with its web defaults, texts escaped no further than JSON demands. Valid while the result is
/// written. For one thread.
/// </summary>
public readonly struct ToolJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    private readonly PooledByteWriter _writer;
    private readonly JsonSerializerContext? _context;

    internal ToolJson(PooledByteWriter writer, JsonSerializerContext? context)
    {
        _writer = writer;
        _context = context;
    }

    /// <summary>Writes bytes as they are: names, brackets, commas.</summary>
    public void Raw(ReadOnlySpan<byte> json) => _writer.Write(json);

    /// <summary>Writes the name of a member, with a comma ahead where it is not the first.</summary>
    /// <param name="comma">True where a member goes before it; true afterwards.</param>
    /// <param name="member">The name in quotes, and a colon.</param>
    public void Name(ref bool comma, ReadOnlySpan<byte> member)
    {
        Separate(ref comma);
        _writer.Write(member);
    }

    /// <summary>Writes the name of a member of an object whose names are data.</summary>
    public void Key(ref bool comma, string name)
    {
        Separate(ref comma);
        JsonStringWriter.WriteString(_writer, name.AsSpan());
        _writer.WriteByte((byte)':');
    }

    /// <summary>Writes a comma, but not ahead of the first element.</summary>
    public void Separate(ref bool comma)
    {
        if (comma)
        {
            _writer.WriteByte((byte)',');
        }

        comma = true;
    }

    /// <summary>Writes null.</summary>
    public void Null() => _writer.Write("null"u8);

    /// <summary>Writes a text, or null.</summary>
    public void Value(string? value)
    {
        if (value is null)
        {
            Null();
        }
        else
        {
            JsonStringWriter.WriteString(_writer, value.AsSpan());
        }
    }

    /// <summary>Writes true or false.</summary>
    public void Value(bool value) => _writer.Write(value ? "true"u8 : "false"u8);

    /// <summary>Writes a text of one UTF-16 unit.</summary>
    public void Value(char value) => JsonStringWriter.WriteString(_writer, new ReadOnlySpan<char>(in value));

    /// <summary>Writes an absolute or relative URI as it was written, or null.</summary>
    public void Value(Uri? value) => Value(value?.OriginalString);

    /// <summary>Writes bytes in base64, or null.</summary>
    public void Value(byte[]? value)
    {
        if (value is null)
        {
            Null();
        }
        else
        {
            JsonMembers.WriteBase64(_writer, default, value);
        }
    }

    /// <summary>Writes a UUID with hyphens.</summary>
    public void Value(Guid value) => Quoted(value, "D");

    /// <summary>Writes a date and time such as <c>2026-07-28T09:30:00Z</c>.</summary>
    public void Value(DateTime value) => Quoted(value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK");

    /// <summary>Writes a date and time such as <c>2026-07-28T09:30:00+00:00</c>.</summary>
    public void Value(DateTimeOffset value) => Quoted(value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK");

    /// <summary>Writes a date such as <c>2026-07-28</c>.</summary>
    public void Value(DateOnly value) => Quoted(value, "yyyy-MM-dd");

    /// <summary>Writes a time of day such as <c>09:30:00</c>, with seven digits of a fraction where there is one.</summary>
    public void Value(TimeOnly value) => Quoted(value.ToTimeSpan(), "c");

    /// <summary>Writes a span of time such as <c>1.02:03:04.5000000</c>.</summary>
    public void Value(TimeSpan value) => Quoted(value, "c");

    /// <summary>Writes an integer or a decimal number.</summary>
    public void Number<T>(T value)
        where T : struct, IUtf8SpanFormattable
    {
        // 32: a decimal has 31 characters at most.
        _ = value.TryFormat(_writer.GetSpan(32), out var written, default, CultureInfo.InvariantCulture);
        _writer.Advance(written);
    }

    /// <summary>Writes a floating-point number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="names">True where NaN and the infinities are written as texts.</param>
    /// <exception cref="ArgumentException">JSON has no such number.</exception>
    public void Value(double value, bool names = false)
    {
        if (double.IsFinite(value))
        {
            _ = Utf8Formatter.TryFormat(value, _writer.GetSpan(32), out var written);
            _writer.Advance(written);
        }
        else
        {
            Named(value, names);
        }
    }

    /// <inheritdoc cref="Value(double, bool)"/>
    public void Value(float value, bool names = false)
    {
        if (float.IsFinite(value))
        {
            _ = Utf8Formatter.TryFormat(value, _writer.GetSpan(32), out var written);
            _writer.Advance(written);
        }
        else
        {
            Named(value, names);
        }
    }

    /// <summary>Writes the name of an enumeration's member, its number where it has no name.</summary>
    /// <param name="value">The member.</param>
    /// <param name="names">The members' names.</param>
    /// <param name="values">The members, in the same order.</param>
    public void Enum<T>(T value, ReadOnlySpan<string> names, ReadOnlySpan<T> values)
        where T : struct, Enum
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (EqualityComparer<T>.Default.Equals(values[i], value))
            {
                Value(names[i]);
                return;
            }
        }

        JsonStringWriter.WriteContent(_writer, value.ToString("D").AsSpan());
    }

    /// <summary>Writes JSON as it is.</summary>
    public void Value(Utf8Json value) => _writer.Write(value.Bytes.Span);

    /// <summary>Writes any JSON value.</summary>
    public void Value(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            Null();
            return;
        }

        using var writer = new Utf8JsonWriter(_writer, Options);
        value.WriteTo(writer);
    }

    /// <summary>Writes any JSON value.</summary>
    public void Value(JsonNode? value)
    {
        if (value is null)
        {
            Null();
            return;
        }

        using var writer = new Utf8JsonWriter(_writer, Options);
        value.WriteTo(writer);
    }

    /// <summary>Writes a value by System.Text.Json.</summary>
    /// <param name="value">The value.</param>
    /// <param name="declared">Where the type is declared; what the server was given with <c>WithJson</c> goes before it.</param>
    public void Value<T>(T value, JsonSerializerContext declared)
    {
        using var writer = new Utf8JsonWriter(_writer, Options);
        JsonSerializer.Serialize(writer, value, JsonTypes.Find<T>(_context, declared));
    }

    /// <summary>Throws for an object of a class that its base does not name among those it may be.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static void RefuseDerived(object value) =>
        throw new NotSupportedException($"{value?.GetType()} is not among the types that [JsonDerivedType] names, so it cannot be written.");

    private void Named(double value, bool names)
    {
        if (!names)
        {
            throw new ArgumentException($"JSON has no number {value.ToString(CultureInfo.InvariantCulture)}; [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] writes it as a text.", nameof(value));
        }

        Value(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    private void Quoted<T>(T value, ReadOnlySpan<char> format)
        where T : struct, IUtf8SpanFormattable
    {
        // 64: the longest of these forms has 36 bytes.
        var span = _writer.GetSpan(64);
        span[0] = (byte)'"';
        _ = value.TryFormat(span[1..], out var written, format, CultureInfo.InvariantCulture);
        span[written + 1] = (byte)'"';
        _writer.Advance(written + 2);
    }
}
