using Peregrine.Protocol.Headers;

namespace Peregrine.Server.Headers;

/// <summary>One argument that clients mirror in a header: <c>x-mcp-header</c> in the tool's schema (2026-07-28, Streamable HTTP, custom headers). Immutable.</summary>
internal sealed class ToolHeader
{
    internal ToolHeader(string name, IReadOnlyList<byte[]> path, string argument)
    {
        Name = name;
        HeaderName = McpHeaderNames.ParameterPrefix + name;
        Path = path;
        Argument = argument;
    }

    /// <summary>The annotation's value, such as <c>Region</c>.</summary>
    internal string Name { get; }

    /// <summary>The header, such as <c>Mcp-Param-Region</c>.</summary>
    internal string HeaderName { get; }

    /// <summary>The names of the properties that lead to the argument, from the outermost.</summary>
    internal IReadOnlyList<byte[]> Path { get; }

    /// <summary>The same for people, with dots.</summary>
    internal string Argument { get; }
}
