using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>A tool whose schema uses what clients and servers like to lose: it must arrive as it is.</summary>
internal sealed class SchemaTool() : McpToolHandler(new McpToolDefinition
{
    Name = "json_schema_2020_12_tool",
    Description = "Takes a contact, described with the whole of JSON Schema 2020-12.",
    InputSchema = """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
         "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
         "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},
          "phone":{"type":"string"},"email":{"type":"string"}},
         "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
         "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},
         "then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}
        """u8.ToArray(),
})
{
    public override ValueTask InvokeAsync(McpCall call)
    {
        call.ReturnText("The contact was taken.");
        return default;
    }
}
