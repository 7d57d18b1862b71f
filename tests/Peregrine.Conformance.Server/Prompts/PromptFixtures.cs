using Peregrine.Server;
using Peregrine.Server.Completion;
using Peregrine.Server.Content;
using Peregrine.Server.Interaction.Forms;
using Peregrine.Server.Prompts;
using Peregrine.Server.Resources;

namespace Peregrine.Conformance.Server.Prompts;

/// <summary>The prompts that the suite gets, and proposals for their arguments.</summary>
internal static class PromptFixtures
{
    private static readonly McpForm Context = McpForm.Create().AddText("context").Build();

    internal static PeregrineServerBuilder AddFixturePrompts(this PeregrineServerBuilder builder) => builder
        .AddPrompt(Define("test_simple_prompt", "A prompt without arguments."), static _ => McpPromptResult.FromText("This is a simple prompt for testing."))
        .AddPrompt(
            Define("test_prompt_with_arguments", "A prompt with two arguments.", Required("arg1", "The first."), Required("arg2", "The second.")),
            static arguments => McpPromptResult.FromText($"Prompt with arguments: arg1='{arguments["arg1"]}', arg2='{arguments["arg2"]}'"))
        .AddPrompt(
            Define("test_prompt_with_embedded_resource", "A prompt that holds a resource.", Required("resourceUri", "The resource's address.")),
            static arguments => McpPromptResult.FromUser(
                McpContent.Resource(McpResourceContents.FromText(arguments["resourceUri"]!, "Embedded resource content for testing.", "text/plain")),
                McpContent.Text("Please process the embedded resource above.")))
        .AddPrompt(
            Define("test_prompt_with_image", "A prompt that holds an image."),
            static _ => McpPromptResult.FromUser(McpContent.Image(Samples.Png, "image/png"), McpContent.Text("Please analyze the image above.")))
        .AddPrompt(Define("test_input_required_result_prompt", "A prompt that asks for its context."), static async (_, call) =>
        {
            var answer = await call.ElicitAsync("What context should the prompt use?", Context, "user_context");
            return McpPromptResult.FromText($"Use this context: {answer.GetText("context")}");
        })
        .AddPromptCompletion("test_prompt_with_arguments", "arg1",
            static (request, _) => new ValueTask<McpCompletionResult>(McpCompletionResult.FromPrefix(["test", "testing", "hello"], request.Value)));

    private static McpPromptDefinition Define(string name, string description, params McpPromptArgument[] arguments) =>
        new() { Name = name, Description = description, Arguments = arguments };

    private static McpPromptArgument Required(string name, string description) => new() { Name = name, Description = description, Required = true };
}
