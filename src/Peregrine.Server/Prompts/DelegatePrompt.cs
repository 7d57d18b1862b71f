using Peregrine.Server.Tools;

namespace Peregrine.Server.Prompts;

/// <summary>A prompt written by a delegate.</summary>
internal sealed class DelegatePrompt(McpPromptDefinition definition, Func<McpPromptArguments, McpCall, ValueTask<McpPromptResult>> get) : McpPromptHandler(definition)
{
    public override ValueTask<McpPromptResult> GetAsync(McpPromptArguments arguments, McpCall call) => get(arguments, call);
}
