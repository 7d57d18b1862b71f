using System.Globalization;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Interaction.Forms;

/// <summary>
/// Describes a form, field by field, in the order in which the user sees them. Every field is required unless it is said otherwise. Clients of 2025-06-18 know choices without titles and
/// <see cref="AddChoiceWithNames"/>; the others came with 2025-11-25. Not thread-safe.
/// </summary>
public sealed class McpFormBuilder
{
    private readonly List<string> _required = [];
    private readonly List<byte[]> _fields = [];

    internal McpFormBuilder()
    {
    }

    /// <summary>Adds a text.</summary>
    /// <param name="name">The field's name, unique in the form.</param>
    /// <param name="title">What the user sees, or null.</param>
    /// <param name="description">An explanation for the user, or null.</param>
    /// <param name="format">What the text is.</param>
    /// <param name="minLength">The fewest characters, or null.</param>
    /// <param name="maxLength">The most characters, or null.</param>
    /// <param name="preset">What the field holds at first, or null.</param>
    /// <param name="required">False where it may be left out.</param>
    public McpFormBuilder AddText(string name, string? title = null, string? description = null, McpTextFormat format = McpTextFormat.Any, int? minLength = null,
        int? maxLength = null, string? preset = null, bool required = true) =>
        Add(name, "string", title, description, required, writer =>
        {
            if (format != McpTextFormat.Any)
            {
                WriteText(writer, "format", format switch
                {
                    McpTextFormat.Email => "email",
                    McpTextFormat.Uri => "uri",
                    McpTextFormat.Date => "date",
                    McpTextFormat.DateTime => "date-time",
                    _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
                });
            }

            WriteNumber(writer, "minLength", minLength);
            WriteNumber(writer, "maxLength", maxLength);
            WritePreset(writer, preset);
        });

    /// <summary>Adds a number.</summary>
    /// <param name="name">The field's name, unique in the form.</param>
    /// <param name="title">What the user sees, or null.</param>
    /// <param name="description">An explanation for the user, or null.</param>
    /// <param name="minimum">The least, or null.</param>
    /// <param name="maximum">The most, or null.</param>
    /// <param name="preset">What the field holds at first, or null.</param>
    /// <param name="required">False where it may be left out.</param>
    /// <exception cref="ArgumentException">A bound or the preset is no finite number.</exception>
    public McpFormBuilder AddNumber(string name, string? title = null, string? description = null, double? minimum = null, double? maximum = null, double? preset = null,
        bool required = true) =>
        Add(name, "number", title, description, required, writer =>
        {
            WriteNumber(writer, "minimum", minimum);
            WriteNumber(writer, "maximum", maximum);
            WriteNumber(writer, "default", preset);
        });

    /// <summary>Adds an integer.</summary>
    /// <inheritdoc cref="AddNumber"/>
    public McpFormBuilder AddInteger(string name, string? title = null, string? description = null, long? minimum = null, long? maximum = null, long? preset = null,
        bool required = true) =>
        Add(name, "integer", title, description, required, writer =>
        {
            WriteNumber(writer, "minimum", minimum);
            WriteNumber(writer, "maximum", maximum);
            WriteNumber(writer, "default", preset);
        });

    /// <summary>Adds a yes or no.</summary>
    /// <inheritdoc cref="AddNumber"/>
    public McpFormBuilder AddBoolean(string name, string? title = null, string? description = null, bool? preset = null, bool required = true) =>
        Add(name, "boolean", title, description, required, writer =>
        {
            if (preset is { } value)
            {
                WriteRaw(writer, "default", value ? "true" : "false");
            }
        });

    /// <summary>Adds a choice of one of some values, which the user sees as they are.</summary>
    /// <param name="name">The field's name, unique in the form.</param>
    /// <param name="values">The values; at least one, none twice.</param>
    /// <param name="title">What the user sees, or null.</param>
    /// <param name="description">An explanation for the user, or null.</param>
    /// <param name="preset">The value chosen at first, or null.</param>
    /// <param name="required">False where it may be left out.</param>
    public McpFormBuilder AddChoice(string name, IReadOnlyList<string> values, string? title = null, string? description = null, string? preset = null, bool required = true) =>
        Add(name, "string", title, description, required, writer =>
        {
            WriteTexts(writer, "enum", values);
            WritePreset(writer, preset);
        });

    /// <summary>Adds a choice of one of some values that have titles (2025-11-25 and later).</summary>
    /// <param name="name">The field's name, unique in the form.</param>
    /// <param name="choices">The values; at least one, none twice.</param>
    /// <param name="title">What the user sees, or null.</param>
    /// <param name="description">An explanation for the user, or null.</param>
    /// <param name="preset">The value chosen at first, or null.</param>
    /// <param name="required">False where it may be left out.</param>
    public McpFormBuilder AddChoice(string name, IReadOnlyList<McpFormChoice> choices, string? title = null, string? description = null, string? preset = null, bool required = true) =>
        Add(name, "string", title, description, required, writer =>
        {
            WriteChoices(writer, "oneOf", choices);
            WritePreset(writer, preset);
        });

    /// <summary>Adds a choice of one of some values that have titles, in the form of 2025-06-18 (<c>enumNames</c>), which later revisions keep for old clients.</summary>
    /// <inheritdoc cref="AddChoice(string, IReadOnlyList{McpFormChoice}, string?, string?, string?, bool)"/>
    public McpFormBuilder AddChoiceWithNames(string name, IReadOnlyList<McpFormChoice> choices, string? title = null, string? description = null, string? preset = null,
        bool required = true) =>
        Add(name, "string", title, description, required, writer =>
        {
            WriteTexts(writer, "enum", [.. choices.Select(static choice => choice.Value)]);
            WriteTexts(writer, "enumNames", [.. choices.Select(static choice => choice.Title)]);
            WritePreset(writer, preset);
        });

    /// <summary>Adds a choice of several of some values, which the user sees as they are (2025-11-25 and later).</summary>
    /// <param name="name">The field's name, unique in the form.</param>
    /// <param name="values">The values; at least one, none twice.</param>
    /// <param name="title">What the user sees, or null.</param>
    /// <param name="description">An explanation for the user, or null.</param>
    /// <param name="minItems">The fewest to choose, or null.</param>
    /// <param name="maxItems">The most to choose, or null.</param>
    /// <param name="preset">The values chosen at first, or null.</param>
    /// <param name="required">False where it may be left out.</param>
    public McpFormBuilder AddChoices(string name, IReadOnlyList<string> values, string? title = null, string? description = null, int? minItems = null, int? maxItems = null,
        IReadOnlyList<string>? preset = null, bool required = true) =>
        AddMany(name, title, description, minItems, maxItems, preset, required, writer =>
        {
            writer.Write("\"type\":\"string\""u8);
            WriteTexts(writer, "enum", values);
        });

    /// <summary>Adds a choice of several of some values that have titles (2025-11-25 and later).</summary>
    /// <inheritdoc cref="AddChoices(string, IReadOnlyList{string}, string?, string?, int?, int?, IReadOnlyList{string}?, bool)"/>
    public McpFormBuilder AddChoices(string name, IReadOnlyList<McpFormChoice> values, string? title = null, string? description = null, int? minItems = null, int? maxItems = null,
        IReadOnlyList<string>? preset = null, bool required = true) =>
        AddMany(name, title, description, minItems, maxItems, preset, required, writer => WriteChoices(writer, "anyOf", values, first: true));

    /// <summary>Makes the form.</summary>
    /// <exception cref="ArgumentException">The fields are faulty; the message names every fault.</exception>
    public McpForm Build()
    {
        using var writer = new PooledByteWriter(512);
        writer.Write("{\"type\":\"object\",\"properties\":{"u8);
        for (var i = 0; i < _fields.Count; i++)
        {
            if (i > 0)
            {
                writer.WriteByte((byte)',');
            }

            writer.Write(_fields[i]);
        }

        writer.WriteByte((byte)'}');
        WriteTexts(writer, "required", _required);
        writer.WriteByte((byte)'}');
        return McpForm.Parse(writer.WrittenSpan);
    }

    private McpFormBuilder AddMany(string name, string? title, string? description, int? minItems, int? maxItems, IReadOnlyList<string>? preset, bool required,
        Action<PooledByteWriter> writeItems) =>
        Add(name, "array", title, description, required, writer =>
        {
            WriteNumber(writer, "minItems", minItems);
            WriteNumber(writer, "maxItems", maxItems);
            writer.Write(",\"items\":{"u8);
            writeItems(writer);
            writer.WriteByte((byte)'}');
            if (preset is not null)
            {
                WriteTexts(writer, "default", preset);
            }
        });

    private McpFormBuilder Add(string name, string type, string? title, string? description, bool required, Action<PooledByteWriter> writeRest)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using var writer = new PooledByteWriter(256);
        JsonStringWriter.WriteString(writer, name.AsSpan());
        writer.Write(":{\"type\":"u8);
        JsonStringWriter.WriteString(writer, type.AsSpan());
        if (title is not null)
        {
            WriteText(writer, "title", title);
        }

        if (description is not null)
        {
            WriteText(writer, "description", description);
        }

        writeRest(writer);
        writer.WriteByte((byte)'}');
        _fields.Add(writer.WrittenSpan.ToArray());
        if (required)
        {
            _required.Add(name);
        }

        return this;
    }

    private static void WriteName(PooledByteWriter writer, string member)
    {
        writer.WriteByte((byte)',');
        JsonStringWriter.WriteString(writer, member.AsSpan());
        writer.WriteByte((byte)':');
    }

    private static void WriteText(PooledByteWriter writer, string member, string text)
    {
        WriteName(writer, member);
        JsonStringWriter.WriteString(writer, text.AsSpan());
    }

    private static void WritePreset(PooledByteWriter writer, string? preset)
    {
        if (preset is not null)
        {
            WriteText(writer, "default", preset);
        }
    }

    private static void WriteRaw(PooledByteWriter writer, string member, string json)
    {
        WriteName(writer, member);
        JsonStringWriter.WriteContent(writer, json.AsSpan());
    }

    private static void WriteNumber(PooledByteWriter writer, string member, long? value)
    {
        if (value is { } number)
        {
            WriteRaw(writer, member, number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteNumber(PooledByteWriter writer, string member, double? value)
    {
        if (value is { } number)
        {
            WriteRaw(writer, member, double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture)
                : throw new ArgumentException($"\"{member}\" must be a finite number: JSON has no other."));
        }
    }

    private static void WriteTexts(PooledByteWriter writer, string member, IReadOnlyList<string> texts)
    {
        WriteName(writer, member);
        writer.WriteByte((byte)'[');
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0)
            {
                writer.WriteByte((byte)',');
            }

            JsonStringWriter.WriteString(writer, texts[i].AsSpan());
        }

        writer.WriteByte((byte)']');
    }

    private static void WriteChoices(PooledByteWriter writer, string member, IReadOnlyList<McpFormChoice> choices, bool first = false)
    {
        if (first)
        {
            JsonStringWriter.WriteString(writer, member.AsSpan());
            writer.WriteByte((byte)':');
        }
        else
        {
            WriteName(writer, member);
        }

        writer.WriteByte((byte)'[');
        for (var i = 0; i < choices.Count; i++)
        {
            writer.Write(i > 0 ? ",{\"const\":"u8 : "{\"const\":"u8);
            JsonStringWriter.WriteString(writer, choices[i].Value.AsSpan());
            WriteText(writer, "title", choices[i].Title);
            writer.WriteByte((byte)'}');
        }

        writer.WriteByte((byte)']');
    }
}
