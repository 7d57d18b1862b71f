using Peregrine.Server.Content;
using Peregrine.Server.Prompts;

namespace Peregrine.Server.Binding;

/// <summary>Makes a prompt's result of what its method returned, for generated code. No state.</summary>
public static class PromptResults
{
    /// <summary>A text that the user says; nothing for null.</summary>
    public static McpPromptResult From(string? text) => text is null ? new McpPromptResult() : From(McpContent.Text(text));

    /// <summary>A block that the user says; nothing for null.</summary>
    public static McpPromptResult From(McpContent? content) => content is null ? new McpPromptResult() : new McpPromptResult { Messages = [new McpPromptMessage(McpRole.User, content)] };

    /// <summary>One message; nothing for null.</summary>
    public static McpPromptResult From(McpPromptMessage? message) => message is null ? new McpPromptResult() : new McpPromptResult { Messages = [message] };

    /// <summary>Several messages.</summary>
    public static McpPromptResult From(IEnumerable<McpPromptMessage>? messages) => new() { Messages = [.. messages ?? []] };

    /// <summary>The result itself.</summary>
    public static McpPromptResult From(McpPromptResult? result) => result ?? new McpPromptResult();
}
