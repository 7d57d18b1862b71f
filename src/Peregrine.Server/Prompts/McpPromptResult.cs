using Peregrine.Server.Content;

namespace Peregrine.Server.Prompts;

/// <summary>What a prompt gives: messages to begin a conversation with. Immutable.</summary>
public sealed record McpPromptResult
{
    /// <summary>What the messages are for, for people, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The messages, in order.</summary>
    public IReadOnlyList<McpPromptMessage> Messages { get; init; } = [];

    /// <summary>One message of the user.</summary>
    public static McpPromptResult FromText(string text) => FromUser(McpContent.Text(text));

    /// <summary>Messages of the user, one for each block.</summary>
    public static McpPromptResult FromUser(params ReadOnlySpan<McpContent> blocks)
    {
        var messages = new McpPromptMessage[blocks.Length];
        for (var i = 0; i < blocks.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(blocks[i], nameof(blocks));
            messages[i] = new McpPromptMessage(McpRole.User, blocks[i]);
        }

        return new McpPromptResult { Messages = messages };
    }
}
