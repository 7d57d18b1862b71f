namespace Peregrine.Server.Tools;

/// <summary>
/// Has clients mirror an argument in an HTTP header, so that gateways can route a call without reading it (2026-07-28, custom headers): the schema says <c>x-mcp-header</c>, and a call over
/// HTTP whose header and argument differ is refused. For parameters that are texts, booleans, integers or enumerations. Put no secret into a header: what stands in between logs them.
/// </summary>
/// <param name="name">What stands behind <c>Mcp-Param-</c> in the header's name: letters, digits and <c>!#$%&amp;'*+-.^_`|~</c>, unique within the tool without regard to case.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class McpRequestHeaderAttribute(string name) : Attribute
{
    /// <summary>What stands behind <c>Mcp-Param-</c>.</summary>
    public string Name { get; } = name;
}
