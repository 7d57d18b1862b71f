using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Dashboard;

/// <summary>A tool whose arguments need every kind of field; answers with the arguments as they came.</summary>
internal sealed class FormTool() : McpToolHandler(new McpToolDefinition
{
    Name = "book_trip",
    Description = "Books a trip. Shows every kind of field that a form can have.",
    InputSchema = """
        {"type":"object","required":["to","when","class"],"$defs":{"place":{"type":"string","description":"A city","minLength":2,"maxLength":80}},
         "properties":{"to":{"$ref":"#/$defs/place"},"when":{"type":"string","format":"date","description":"The day of departure"},
           "class":{"enum":["second","first"],"default":"second","description":"Where to sit"},"seats":{"type":"integer","minimum":1,"maximum":9,"default":1},
           "refundable":{"type":"boolean"},"stops":{"type":"array","items":{"type":"string"},"description":"Cities on the way"},
           "via":{"anyOf":[{"type":"string"},{"type":"null"}]},
           "traveller":{"type":"object","title":"Traveller","required":["name"],"properties":{"name":{"type":"string"},"age":{"type":"integer"}}}}}
        """u8.ToArray(),
})
{
    public override ValueTask InvokeAsync(McpCall call)
    {
        call.ReturnText(System.Text.Encoding.UTF8.GetString(call.RawArguments.Span));
        return default;
    }
}
