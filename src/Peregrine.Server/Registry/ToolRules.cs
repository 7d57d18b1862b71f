using Peregrine.Protocol.Headers;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>What must hold of tools that are to be offered together.</summary>
/// <remarks>Here and in the other rules of what is registered there is no LINQ where nothing is wrong: each of its operators costs a start a quarter of a millisecond (docs/performance.md, "Start").</remarks>
internal static class ToolRules
{
    /// <summary>Judges tools, and has each learn which of its arguments are mirrored in headers.</summary>
    /// <returns>Every fault, in words.</returns>
    internal static IEnumerable<string> Validate(IReadOnlyList<McpToolHandler> tools) => Validate(tools, []);

    /// <summary>Judges tools that join others.</summary>
    /// <param name="tools">The tools to judge.</param>
    /// <param name="others">Tools that were judged before.</param>
    internal static IEnumerable<string> Validate(IReadOnlyList<McpToolHandler> tools, IReadOnlyList<McpToolHandler> others)
    {
        foreach (var fault in ToolNames.Validate(tools))
        {
            yield return fault;
        }

        foreach (var fault in ToolDependencies.Validate(tools, others))
        {
            yield return fault;
        }

        foreach (var tool in tools)
        {
            foreach (var fault in tool.Definition.Validate())
            {
                yield return $"The tool \"{tool.Definition.Name}\": {fault}";
            }

            List<string> faults = [];
            tool.Headers = ToolHeaderReader.Read(tool.Definition.InputSchema.Span, faults);
            foreach (var fault in faults)
            {
                yield return $"The input schema of the tool \"{tool.Definition.Name}\" {fault}";
            }
        }
    }
}
