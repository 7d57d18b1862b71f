using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>The rules for tool names (2025-11-25 and 2026-07-28, tools).</summary>
internal static class ToolNames
{
    private const int MaxLength = 128;

    internal static IEnumerable<string> Validate(IReadOnlyList<McpToolHandler> tools)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var name in tools.Select(static tool => tool.Definition.Name))
        {
            if (name.Length is 0 or > MaxLength || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            {
                yield return $"The tool name \"{name}\" must be 1 to {MaxLength} characters of A-Z, a-z, 0-9, \"_\", \"-\" and \".\".";
            }

            if (!seen.Add(name))
            {
                yield return $"Two tools are named \"{name}\".";
            }
        }
    }
}
