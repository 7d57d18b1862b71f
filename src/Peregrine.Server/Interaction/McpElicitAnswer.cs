using System.Text.Json;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Interaction;

/// <summary>What a user answered to <c>elicitation/create</c>. Immutable and thread-safe.</summary>
public sealed class McpElicitAnswer
{
    private readonly JsonElement _content;

    internal McpElicitAnswer(McpElicitAction action, ReadOnlyMemory<byte> json, JsonElement content)
    {
        Action = action;
        Json = json;
        _content = content;
    }

    /// <summary>What the user did.</summary>
    public McpElicitAction Action { get; }

    /// <summary>True where the user answered, or agreed to open the address.</summary>
    public bool IsAccepted => Action == McpElicitAction.Accept;

    /// <summary>The whole answer, a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The fields by name; undefined where there is no content: declined, cancelled, or an address.</summary>
    public JsonElement Content => _content;

    /// <summary>The text, or the value chosen, in a field; null where it was left out.</summary>
    /// <exception cref="McpToolException">The client answered with something else.</exception>
    public string? GetText(string field) => Find(field) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(field, "a string");

    /// <summary>The number in a field; null where it was left out.</summary>
    /// <inheritdoc cref="GetText"/>
    public double? GetDouble(string field) => Find(field) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : throw Wrong(field, "a number");

    /// <summary>The integer in a field; null where it was left out.</summary>
    /// <inheritdoc cref="GetText"/>
    public long? GetInt64(string field) => Find(field) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsInteger(number) && Math.Abs(number) < long.MaxValue
            ? value.TryGetInt64(out var exact) ? exact : (long)number : throw Wrong(field, "an integer of 64 bits");

    /// <summary>Yes or no in a field; null where it was left out.</summary>
    /// <inheritdoc cref="GetText"/>
    public bool? GetBoolean(string field) => Find(field) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(field, "true or false");

    /// <summary>The values chosen in a field; null where it was left out.</summary>
    /// <inheritdoc cref="GetText"/>
    public IReadOnlyList<string>? GetTexts(string field)
    {
        if (Find(field) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(static item => item.GetString()!)] : throw Wrong(field, "an array of strings");
    }

    private static McpToolException Wrong(string field, string wanted) => new($"The client's answer is not usable: \"{field}\" must be {wanted}.");

    private JsonElement? Find(string field) => _content.ValueKind == JsonValueKind.Object && _content.TryGetProperty(field, out var value) ? value : null;
}
