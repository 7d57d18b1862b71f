using Peregrine.Server.Resources;

namespace Peregrine.Server.Binding;

/// <summary>Makes a resource's result of what its method returned, for generated code: null is that there is no such resource. No state.</summary>
public static class ResourceResults
{
    /// <summary>A text.</summary>
    public static McpResourceResult From(McpResourceRequest request, string? mimeType, string? text)
    {
        ArgumentNullException.ThrowIfNull(request);
        return text is null ? McpResourceResult.NotFound : McpResourceResult.From(McpResourceContents.FromText(request.Uri, text, mimeType));
    }

    /// <summary>Bytes.</summary>
    public static McpResourceResult From(McpResourceRequest request, string? mimeType, byte[]? bytes)
    {
        ArgumentNullException.ThrowIfNull(request);
        return bytes is null ? McpResourceResult.NotFound : McpResourceResult.From(McpResourceContents.FromBytes(request.Uri, bytes, mimeType));
    }

    /// <summary>One content.</summary>
    public static McpResourceResult From(McpResourceRequest request, string? mimeType, McpResourceContents? contents)
    {
        _ = (request, mimeType);
        return contents is null ? McpResourceResult.NotFound : McpResourceResult.From(contents);
    }

    /// <summary>Several contents.</summary>
    public static McpResourceResult From(McpResourceRequest request, string? mimeType, IEnumerable<McpResourceContents>? contents)
    {
        _ = (request, mimeType);
        McpResourceContents[] all = [.. contents ?? []];
        return all.Length == 0 ? McpResourceResult.NotFound : McpResourceResult.From(all);
    }

    /// <summary>The result itself.</summary>
    public static McpResourceResult From(McpResourceRequest request, string? mimeType, McpResourceResult? result)
    {
        _ = (request, mimeType);
        return result ?? McpResourceResult.NotFound;
    }
}
