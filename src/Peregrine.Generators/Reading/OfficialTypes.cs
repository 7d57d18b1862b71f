using Microsoft.CodeAnalysis;

namespace Peregrine.Generators.Reading;

/// <summary>The types of the official SDK and of Microsoft.Extensions.AI that tools written for it take and return, and what stands for them here.</summary>
internal static class OfficialTypes
{
    private const string Tools = "Peregrine.Server.Tools";
    private const string Content = "Peregrine.Server.Content";
    private const string Prompts = "Peregrine.Server.Prompts";
    private const string Resources = "Peregrine.Server.Resources";

    private static readonly Dictionary<string, (string Name, string Namespace)> Counterparts = new(StringComparer.Ordinal)
    {
        ["McpServer"] = ("McpCall", Tools),
        ["IMcpServer"] = ("McpCall", Tools),
        ["RequestContext"] = ("McpCall", Tools),
        ["CallToolResult"] = ("McpContent", Content),
        ["ContentBlock"] = ("McpContent", Content),
        ["TextContentBlock"] = ("McpContent", Content),
        ["ImageContentBlock"] = ("McpContent", Content),
        ["AudioContentBlock"] = ("McpContent", Content),
        ["EmbeddedResourceBlock"] = ("McpContent", Content),
        ["ResourceLinkBlock"] = ("McpContent", Content),
        ["AIContent"] = ("McpContent", Content),
        ["TextContent"] = ("McpContent", Content),
        ["DataContent"] = ("McpContent", Content),
        ["ChatMessage"] = ("McpPromptMessage", Prompts),
        ["PromptMessage"] = ("McpPromptMessage", Prompts),
        ["GetPromptResult"] = ("McpPromptResult", Prompts),
        ["ReadResourceResult"] = ("McpResourceResult", Resources),
        ["ResourceContents"] = ("McpResourceContents", Resources),
        ["TextResourceContents"] = ("McpResourceContents", Resources),
        ["BlobResourceContents"] = ("McpResourceContents", Resources),
    };

    /// <summary>True for a type of these libraries. That for progress is taken as it is.</summary>
    internal static bool IsOfficial(ITypeSymbol type)
    {
        var space = type.ContainingNamespace?.ToDisplayString() ?? "";
        return (space == "ModelContextProtocol" || space.StartsWith("ModelContextProtocol.", StringComparison.Ordinal) || space == "Microsoft.Extensions.AI")
            && KnownNames.PlainNameOf(type) != KnownNames.OfficialProgress;
    }

    /// <summary>The official type within a type: itself, an element, a type argument; null where there is none.</summary>
    internal static ITypeSymbol? FindIn(ITypeSymbol? type) => type switch
    {
        null => null,
        IArrayTypeSymbol array => FindIn(array.ElementType),
        _ when IsOfficial(type) => type,
        INamedTypeSymbol named => named.TypeArguments.Select(FindIn).FirstOrDefault(static found => found is not null),
        _ => null,
    };

    /// <summary>What stands for a type here; null for nothing.</summary>
    internal static (string Name, string Namespace)? CounterpartOf(ITypeSymbol official) => Counterparts.TryGetValue(official.Name, out var found) ? found : null;
}
