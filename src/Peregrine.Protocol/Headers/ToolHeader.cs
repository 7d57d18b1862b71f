namespace Peregrine.Protocol.Headers;

/// <summary>One argument that clients mirror in a header: <c>x-mcp-header</c> in the tool's schema (2026-07-28, Streamable HTTP, custom headers). Immutable.</summary>
public sealed class ToolHeader
{
    internal ToolHeader(string name, IReadOnlyList<byte[]> path, string argument)
    {
        Name = name;
        HeaderName = McpHeaderNames.ParameterPrefix + name;
        Path = path;
        Argument = argument;
    }

    /// <summary>The annotation's value, such as <c>Region</c>.</summary>
    public string Name { get; }

    /// <summary>The header, such as <c>Mcp-Param-Region</c>.</summary>
    public string HeaderName { get; }

    /// <summary>The names of the properties that lead to the argument, from the outermost.</summary>
    public IReadOnlyList<byte[]> Path { get; }

    /// <summary>The same for people, with dots.</summary>
    public string Argument { get; }
}
