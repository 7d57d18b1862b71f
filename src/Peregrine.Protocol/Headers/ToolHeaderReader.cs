using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Peregrine.Protocol.Headers;

/// <summary>
/// Finds the <c>x-mcp-header</c> annotations of a tool's input schema and judges them (2026-07-28, Streamable HTTP, custom headers): token characters, unique without regard to case, on a
/// property of type string, integer or boolean that is reached through <c>properties</c> alone. A client drops a tool that breaks these rules, so a server must not offer one.
/// </summary>
public static class ToolHeaderReader
{
    private const string Keyword = "x-mcp-header";

    // RFC 9110, section 5.6.2.
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">Raw JSON, not judged before.</param>
    /// <param name="faults">Receives what is wrong, in words that go behind "The input schema of the tool …".</param>
    /// <returns>The annotated arguments; null where there are none.</returns>
    public static ToolHeaders? Read(ReadOnlySpan<byte> schema, ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        // Nearly all schemas have none, and most are written by the generator: a search is all that they cost. The name may be escaped.
        if (schema.IndexOf("x-mcp-header"u8) < 0 && schema.IndexOf("\\u"u8) < 0)
        {
            return null;
        }

        return ReadAll(schema, faults);
    }

    // Apart, so that the JSON library is loaded only where it is needed.
    private static ToolHeaders? ReadAll(ReadOnlySpan<byte> schema, ICollection<string> faults)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(schema.ToArray());
        }
        catch (JsonException exception)
        {
            faults.Add($"is not valid JSON: {exception.Message}");
            return null;
        }

        using (document)
        {
            var walk = new Walk(faults);
            walk.Schema(document.RootElement, [], isReachable: true);
            return walk.Found.Count == 0 ? null : new ToolHeaders(walk.Found);
        }
    }

    // Which keywords hold schemas: what stands elsewhere, such as under "default" or "const", is data.
    private static SchemaPlace PlaceOf(string keyword) => keyword switch
    {
        "properties" => SchemaPlace.Properties,
        "patternProperties" or "dependentSchemas" or "$defs" or "definitions" => SchemaPlace.Map,
        "items" or "prefixItems" or "contains" or "additionalItems" or "additionalProperties" or "propertyNames" or "unevaluatedItems" or "unevaluatedProperties" or "allOf" or "anyOf"
            or "oneOf" or "not" or "if" or "then" or "else" or "contentSchema" => SchemaPlace.Schemas,
        _ => SchemaPlace.None,
    };

    private enum SchemaPlace
    {
        None,
        Properties,
        Map,
        Schemas,
    }

    private sealed class Walk(ICollection<string> faults)
    {
        private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

        internal List<ToolHeader> Found { get; } = [];

        internal void Schema(JsonElement schema, string[] path, bool isReachable)
        {
            if (schema.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            foreach (var member in schema.EnumerateObject())
            {
                if (member.Name == Keyword)
                {
                    Annotation(schema, member.Value, path, isReachable && path.Length > 0);
                    continue;
                }

                switch (PlaceOf(member.Name))
                {
                    case SchemaPlace.Properties when member.Value.ValueKind == JsonValueKind.Object:
                        foreach (var property in member.Value.EnumerateObject())
                        {
                            Schema(property.Value, [.. path, property.Name], isReachable);
                        }

                        break;
                    case SchemaPlace.Map when member.Value.ValueKind == JsonValueKind.Object:
                        foreach (var entry in member.Value.EnumerateObject())
                        {
                            Schema(entry.Value, [.. path, entry.Name], isReachable: false);
                        }

                        break;
                    case SchemaPlace.Schemas when member.Value.ValueKind == JsonValueKind.Array:
                        foreach (var part in member.Value.EnumerateArray())
                        {
                            Schema(part, path, isReachable: false);
                        }

                        break;
                    case SchemaPlace.Schemas:
                        Schema(member.Value, path, isReachable: false);
                        break;
                }
            }
        }

        private void Annotation(JsonElement schema, JsonElement value, string[] path, bool isReachable)
        {
            var place = path.Length == 0 ? "its root" : $"\"{string.Join('.', path)}\"";
            if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } name || name.AsSpan().ContainsAnyExcept(Token))
            {
                faults.Add($"has {Keyword} at {place} with the value {value.GetRawText()}; it must be the end of a header's name: a text of letters, digits and !#$%&'*+-.^_`|~.");
            }
            else if (!isReachable)
            {
                faults.Add($"has {Keyword} \"{name}\" at {place}, which is not a property reached through \"properties\" alone; move it to one, or leave it out.");
            }
            else if (!schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() is not ("string" or "integer" or "boolean"))
            {
                faults.Add($"has {Keyword} \"{name}\" at {place}, whose type must be \"string\", \"integer\" or \"boolean\".");
            }
            else if (!_names.Add(name))
            {
                faults.Add($"has {Keyword} \"{name}\" twice; headers differ by more than the case of their letters.");
            }
            else
            {
                Found.Add(new ToolHeader(name, [.. path.Select(Encoding.UTF8.GetBytes)], string.Join('.', path)));
            }
        }
    }
}
