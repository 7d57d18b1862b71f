using System.Text.Json;

namespace Peregrine.Server.Interaction.Forms;

/// <summary>One field of a form: what an answer to it must look like. Lengths, ranges and formats are the client's to see to; a tool that depends on them checks them.</summary>
internal sealed record FormField(string Name, FormFieldKind Kind, bool Required, HashSet<string>? Values)
{
    internal string Wanted => Kind switch
    {
        FormFieldKind.Number => "a number",
        FormFieldKind.Integer => "an integer",
        FormFieldKind.Boolean => "true or false",
        FormFieldKind.Choice => "one of the values offered",
        FormFieldKind.Choices => "an array of the values offered",
        _ => "a string",
    };

    internal bool Takes(JsonElement value) => Kind switch
    {
        FormFieldKind.Number => value.ValueKind == JsonValueKind.Number,
        FormFieldKind.Integer => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsInteger(number),
        FormFieldKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        FormFieldKind.Choice => IsOffered(value),
        FormFieldKind.Choices => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsOffered),
        _ => FormReader.TryGetText(value, out _),
    };

    private bool IsOffered(JsonElement value) => FormReader.TryGetText(value, out var text) && Values!.Contains(text);
}
