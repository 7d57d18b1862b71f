using Peregrine.Server.Content;

namespace Peregrine.Server.Prompts;

/// <summary>One message of a prompt.</summary>
/// <param name="Role">Who says it.</param>
/// <param name="Content">What is said.</param>
public sealed record McpPromptMessage(McpRole Role, McpContent Content);
