using System.Text.Json;

namespace Peregrine.Server.Interaction.Forms;

/// <summary>
/// What a client asks its user with <c>elicitation/create</c>: a flat object of texts, numbers, yes or no, and choices. Validated when it is made, so keep it where it is made once.
/// Immutable and thread-safe.
/// </summary>
public sealed class McpForm
{
    private readonly byte[] _json;
    private readonly IReadOnlyList<FormField> _fields;

    private McpForm(byte[] json, IReadOnlyList<FormField> fields)
    {
        _json = json;
        _fields = fields;
    }

    /// <summary>The <c>requestedSchema</c>, UTF-8.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>Begins to describe a form.</summary>
    public static McpFormBuilder Create() => new();

    /// <summary>Takes a <c>requestedSchema</c> as it is.</summary>
    /// <param name="requestedSchema">A JSON Schema, UTF-8; copied.</param>
    /// <exception cref="ArgumentException">It is no flat object of what elicitation allows; the message names every fault.</exception>
    public static McpForm Parse(ReadOnlySpan<byte> requestedSchema)
    {
        List<string> faults = [];
        IReadOnlyList<FormField> fields = [];
        var json = requestedSchema.ToArray();
        try
        {
            using var document = JsonDocument.Parse(json);
            fields = FormReader.Read(document.RootElement, faults);
        }
        catch (JsonException exception)
        {
            faults.Add($"it is no JSON: {exception.Message}");
        }

        return faults.Count == 0 ? new McpForm(json, fields)
            : throw new ArgumentException($"The form cannot be asked for: {string.Join("; ", faults)}.", nameof(requestedSchema));
    }

    /// <summary>Judges what a client says its user filled in: members that are required, types, and choices.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal string? Judge(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Object)
        {
            return "\"content\" must be an object";
        }

        foreach (var field in _fields)
        {
            if (!content.TryGetProperty(field.Name, out var value))
            {
                if (field.Required)
                {
                    return $"\"{field.Name}\" is missing";
                }
            }
            else if (!field.Takes(value))
            {
                return $"\"{field.Name}\" must be {field.Wanted}";
            }
        }

        return null;
    }
}
