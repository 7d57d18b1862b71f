using System.Text;
using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>A tool from a name, a schema and a method.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
/// <param name="run">Runs a call.</param>
/// <param name="inputSchema">The schema of its arguments; by default it takes none.</param>
internal sealed class FixtureTool(string name, string description, Func<McpCall, ValueTask> run, string inputSchema = """{"type":"object","additionalProperties":false}""")
    : McpToolHandler(new McpToolDefinition { Name = name, Description = description, InputSchema = Encoding.UTF8.GetBytes(inputSchema) })
{
    /// <summary>Makes one whose method does not wait.</summary>
    internal FixtureTool(string name, string description, Action<McpCall> run)
        : this(name, description, call =>
        {
            run(call);
            return default;
        })
    {
    }

    public override ValueTask InvokeAsync(McpCall call) => run(call);
}
