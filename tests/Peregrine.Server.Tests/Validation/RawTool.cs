using System.Text;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Validation;

/// <summary>A tool from its schemas and its code, that counts how often it has run.</summary>
internal sealed class RawTool(string name, string inputSchema, Action<McpCall>? body = null, string outputSchema = "") : McpToolHandler(new McpToolDefinition
{
    Name = name,
    InputSchema = Encoding.UTF8.GetBytes(inputSchema),
    OutputSchema = Encoding.UTF8.GetBytes(outputSchema),
})
{
    internal const string City = """
        {"type":"object","properties":{"city":{"type":"string","minLength":1},"days":{"type":"integer","minimum":1},"near":{"type":"array","items":{"type":"number"}}},"required":["city"],"additionalProperties":false}
        """;

    private int _runs;

    internal int Runs => Volatile.Read(ref _runs);

    public override ValueTask InvokeAsync(McpCall call)
    {
        Interlocked.Increment(ref _runs);
        if (body is null)
        {
            call.ReturnText("ran");
        }
        else
        {
            body(call);
        }

        return default;
    }

    /// <summary>A tool that answers request 1 with this result.</summary>
    internal static RawTool Answering(string outputSchema, Func<string> result) => new("structured", "{\"type\":\"object\"}",
        call => call.Exchange.SetReply(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{result()}}}"), 0), outputSchema);
}
