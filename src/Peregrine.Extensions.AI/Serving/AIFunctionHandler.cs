using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Peregrine.Server.Tools;

namespace Peregrine.Extensions.AI.Serving;

/// <summary>A tool whose code is a function. Thread-safe as far as the function is.</summary>
internal sealed class AIFunctionHandler(AIFunction function, McpToolDefinition definition) : McpToolHandler(definition)
{
    private static readonly byte[] AnyObject = "{\"type\":\"object\"}"u8.ToArray();

    public override async ValueTask InvokeAsync(McpCall call)
    {
        var arguments = new AIFunctionArguments
        {
            Services = call.Services,
            Context = new Dictionary<object, object?> { [typeof(McpCall)] = call },
        };

        // A copy of their own, for a function may keep what it was given.
        var members = JsonElement.Parse(call.RawArguments.Span);
        foreach (var member in members.EnumerateObject())
        {
            arguments[member.Name] = member.Value;
        }

        var result = await function.InvokeAsync(arguments, call.CancellationToken).ConfigureAwait(false);
        FunctionResults.Return(call, result, function.JsonSerializerOptions);
    }

    /// <summary>What a function is as a tool.</summary>
    internal static McpToolDefinition Define(AIFunction function) => new()
    {
        Name = function.Name,
        Description = function.Description.Length > 0 ? function.Description : null,
        InputSchema = SchemaOf(function.JsonSchema),
    };

    // A function without parameters may say true, or nothing of a type; a tool's arguments are always an object.
    private static byte[] SchemaOf(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return AnyObject;
        }

        var text = schema.GetRawText();
        return schema.TryGetProperty("type", out _) ? Encoding.UTF8.GetBytes(text)
            : Encoding.UTF8.GetBytes(schema.EnumerateObject().Any() ? $"{{\"type\":\"object\",{text.TrimStart()[1..]}" : "{\"type\":\"object\"}");
    }
}
