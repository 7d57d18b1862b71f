using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>The rules for tool names (2025-11-25 and 2026-07-28, tools).</summary>
internal static class ToolNames
{
    private const int MaxLength = 128;

    internal static IEnumerable<string> Validate(IReadOnlyList<McpToolHandler> tools)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var tool in tools)
        {
            var name = tool.Definition.Name;
            if (name.Length is 0 or > MaxLength || !HasOnlyNameCharacters(name))
            {
                yield return $"The tool name \"{name}\" must be 1 to {MaxLength} characters of A-Z, a-z, 0-9, \"_\", \"-\" and \".\".";
            }

            if (!seen.Add(name))
            {
                yield return $"Two tools are named \"{name}\".";
            }
        }
    }

    private static bool HasOnlyNameCharacters(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
