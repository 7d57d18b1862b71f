using System.Text;
using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>Definitions of tools from texts.</summary>
internal static class ToolSchema
{
    private const string NoArguments = """{"type":"object","additionalProperties":false}""";

    internal static McpToolDefinition Define(string name, string description, string inputSchema = NoArguments) =>
        new() { Name = name, Description = description, InputSchema = Encoding.UTF8.GetBytes(inputSchema) };
}
