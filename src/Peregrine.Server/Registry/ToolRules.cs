using Peregrine.Protocol.Headers;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>What must hold of tools that are to be offered together.</summary>
internal static class ToolRules
{
    /// <summary>Judges tools, and has each learn which of its arguments are mirrored in headers.</summary>
    /// <returns>Every fault, in words.</returns>
    internal static IEnumerable<string> Validate(IReadOnlyList<McpToolHandler> tools)
    {
        foreach (var fault in ToolNames.Validate(tools))
        {
            yield return fault;
        }

        foreach (var tool in tools)
        {
            List<string> faults = [];
            tool.Headers = ToolHeaderReader.Read(tool.Definition.InputSchema.Span, faults);
            foreach (var fault in faults)
            {
                yield return $"The input schema of the tool \"{tool.Definition.Name}\" {fault}";
            }
        }
    }
}
