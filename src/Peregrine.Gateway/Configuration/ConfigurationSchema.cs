using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Gateway.Balancing;
using Peregrine.Gateway.Policies;

namespace Peregrine.Gateway.Configuration;

/// <summary>Writes the JSON schema of configuration files, from the tables that the reader checks against.</summary>
public static class ConfigurationSchema
{
    /// <summary>The schema as UTF-8 JSON Schema 2020-12, indented, with a line feed at its end.</summary>
    public static byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", "Configuration of the Peregrine gateway");
            json.WriteString("type", "object");
            WriteMembers(json, MemberTables.File, isShared: true);
            WriteDefinitions(json);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static void WriteDefinitions(Utf8JsonWriter json)
    {
        json.WriteStartObject("$defs");
        json.WriteStartObject("server");
        json.WriteString("type", "object");
        WriteMembers(json, MemberTables.Server, isShared: true);
        json.WriteStartArray("oneOf");
        foreach (var required in (string[])["command", "url"])
        {
            json.WriteStartObject();
            json.WriteStartArray("required");
            json.WriteStringValue(required);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        WriteObject(json, "peregrine", MemberTables.Peregrine);
        WriteObject(json, "peregrineServer", MemberTables.PeregrineServer);
        WriteObject(json, "virtualServer", MemberTables.VirtualServer);
        foreach (var (name, rules) in (ReadOnlySpan<(string, MemberRule[])>)[.. BalancingMembers.Definitions, .. PolicyMembers.Definitions])
        {
            WriteObject(json, name, rules);
        }

        json.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter json, string name, MemberRule[] rules)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "object");
        WriteMembers(json, rules, isShared: false);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, MemberRule[] rules, bool isShared)
    {
        json.WriteStartObject("properties");
        foreach (var rule in rules)
        {
            json.WriteStartObject(rule.Name);
            json.WriteString("description", rule.Description);
            WriteKind(json, rule);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (!isShared)
        {
            json.WriteBoolean("additionalProperties", false);
        }
    }

    private static void WriteKind(Utf8JsonWriter json, MemberRule rule)
    {
        switch (rule.Kind)
        {
            case MemberKind.Text:
                json.WriteString("type", "string");
                WriteTextRules(json, rule);
                break;
            case MemberKind.Integer or MemberKind.Number:
                json.WriteString("type", rule.Kind == MemberKind.Integer ? "integer" : "number");
                json.WriteNumber(rule.AboveMinimum ? "exclusiveMinimum" : "minimum", rule.Minimum);
                json.WriteNumber("maximum", rule.Maximum);
                break;
            case MemberKind.Boolean:
                json.WriteString("type", "boolean");
                break;
            case MemberKind.TextList:
                json.WriteString("type", "array");
                WriteItems(json, "items", "string");
                break;
            case MemberKind.TextMap:
                json.WriteString("type", "object");
                WriteItems(json, "additionalProperties", "string");
                break;
            case MemberKind.Object when rule.Definition is not null:
                json.WriteString("$ref", $"#/$defs/{rule.Definition}");
                break;
            case MemberKind.Object:
                json.WriteString("type", "object");
                json.WriteStartObject("additionalProperties");
                json.WriteString("$ref", $"#/$defs/{rule.ItemDefinition}");
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteTextRules(Utf8JsonWriter json, MemberRule rule)
    {
        if (rule.Pattern is not null)
        {
            json.WriteString("pattern", rule.Pattern);
        }

        if (rule.Allowed is null)
        {
            return;
        }

        json.WriteStartArray("enum");
        foreach (var value in rule.Allowed)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteItems(Utf8JsonWriter json, string name, string type)
    {
        json.WriteStartObject(name);
        json.WriteString("type", type);
        json.WriteEndObject();
    }
}
