using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Headers;

namespace Peregrine.Cli.Diagnosing;

/// <summary>Judges a list of tools.</summary>
internal static class ToolRules
{
    internal static IEnumerable<string> Names(JsonElement result) => Tools(result).Select(static tool => tool.TryGetProperty("name", out var name) ? name.ToString() : "");

    internal static (Verdict Verdict, string Detail) Judge(JsonElement result)
    {
        List<string> faults = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var tool in Tools(result))
        {
            var name = tool.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
            if (name.Length == 0 || !names.Add(name))
            {
                faults.Add(name.Length == 0 ? "a tool has no name" : $"two tools are called {name}");
            }

            if (!tool.TryGetProperty("inputSchema", out var schema) || schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) || type.ToString() != "object")
            {
                faults.Add($"{name}: inputSchema is no object schema");
                continue;
            }

            List<string> headerFaults = [];
            ToolHeaderReader.Read(Encoding.UTF8.GetBytes(schema.GetRawText()), headerFaults);
            faults.AddRange(headerFaults.Select(fault => $"{name}: its input schema {fault}"));
        }

        return Findings.Must(faults.Count == 0, string.Join("; ", faults.Take(5)));
    }

    private static JsonElement[] Tools(JsonElement result) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array
            ? [.. tools.EnumerateArray().Where(static tool => tool.ValueKind == JsonValueKind.Object)]
            : [];
}
