using System.Text.Json;

namespace Peregrine.Cli.Calling;

/// <summary>What a command line needs to know of a tool's input schema.</summary>
internal static class ToolSchema
{
    /// <summary>The parameters, the optional ones with a question mark.</summary>
    internal static IEnumerable<string> Parameters(ReadOnlyMemory<byte> schema)
    {
        if (schema.IsEmpty)
        {
            return [];
        }

        using var document = JsonDocument.Parse(schema);
        if (!document.RootElement.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        HashSet<string> required = document.RootElement.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Where(static name => name.ValueKind == JsonValueKind.String).Select(static name => name.GetString()!)]
            : [];
        return [.. properties.EnumerateObject().Select(property => required.Contains(property.Name) ? property.Name : property.Name + "?")];
    }
}
