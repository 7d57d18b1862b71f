using Peregrine.Server;
using Peregrine.Server.Completion;
using Peregrine.Server.Content;
using Peregrine.Server.Prompts;

namespace Peregrine.Cli.Serving;

/// <summary>The prompts of the sample server: one without arguments, one with, and one with content of several kinds.</summary>
internal static class SamplePrompts
{
    private static readonly string[] Styles = ["brief", "detailed", "for a child", "formal"];

    internal static PeregrineServerBuilder AddSamplePrompts(this PeregrineServerBuilder builder) => builder
        .AddPrompt(new McpPromptDefinition { Name = "hello", Title = "Hello", Description = "Begins a conversation." },
            static _ => McpPromptResult.FromText("Hello! What can the tools of this server do?"))
        .AddPrompt(new McpPromptDefinition
        {
            Name = "explain",
            Title = "Explain",
            Description = "Asks for an explanation.",
            Arguments =
            [
                new McpPromptArgument { Name = "topic", Title = "Topic", Description = "What to explain.", Required = true },
                new McpPromptArgument { Name = "style", Title = "Style", Description = "How to explain it; detailed where left out." },
            ],
        }, static arguments => McpPromptResult.FromText($"Explain {arguments["topic"]}. Style: {arguments["style"] ?? "detailed"}."))
        .AddPromptCompletion("explain", "style", static (request, _) => new(McpCompletionResult.FromPrefix(Styles, request.Value)))
        .AddPrompt(new McpPromptDefinition { Name = "describe", Title = "Describe", Description = "Asks for a description of a picture and a text." },
            static _ => McpPromptResult.FromUser(
                McpContent.Image(SampleResources.Pixel, "image/png"),
                McpContent.Resource(SampleResources.WelcomeContents),
                McpContent.ResourceLink(SampleResources.WelcomeDefinition),
                McpContent.Text("Describe the picture and the text above.")));
}
