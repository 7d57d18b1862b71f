using Peregrine.Server;
using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>Tools whose schemas say more than types.</summary>
internal static class SchemaTools
{
    /// <summary>Keywords that clients and servers like to lose: they must arrive as they are.</summary>
    private const string Contact = """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
         "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
         "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},
          "phone":{"type":"string"},"email":{"type":"string"}},
         "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
         "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},
         "then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}
        """;

    /// <summary>An argument that the HTTP request repeats in the header Mcp-Param-Region.</summary>
    private const string Query = """
        {"type":"object","properties":{"region":{"type":"string","description":"Where to ask.","x-mcp-header":"Region"},
         "query":{"type":"string","description":"What to ask."}}}
        """;

    internal static PeregrineServerBuilder AddSchemaTools(this PeregrineServerBuilder builder) => builder
        .AddTool(ToolSchema.Define("json_schema_2020_12_tool", "Takes a contact, described with the whole of JSON Schema 2020-12.", Contact), static call =>
        {
            call.ReturnText("The contact was taken.");
            return default;
        })
        .AddTool(ToolSchema.Define("test_header_tool", "Takes a region that the request's header repeats.", Query), static call =>
        {
            call.ReturnText(call.RawArguments.Span);
            return default;
        });
}
