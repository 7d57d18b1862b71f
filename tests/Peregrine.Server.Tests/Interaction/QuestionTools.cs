using Peregrine.Server.Compat.Sampling;
using Peregrine.Server.Interaction.Forms;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Interaction;

/// <summary>Tools that ask, written once for both eras.</summary>
internal static class QuestionTools
{
    internal static McpForm NameForm { get; } = McpForm.Create().AddText("name").Build();

    internal static McpForm ColorForm { get; } = McpForm.Create().AddChoice("color", ["red", "blue"]).Build();

    internal static McpToolHandler Greet { get; } = new DelegateTool("greet", static async call =>
    {
        var answer = await call.ElicitAsync("Who are you?", NameForm, "user_name");
        call.ReturnText(answer.IsAccepted ? $"Hello, {answer.GetText("name")}!" : answer.Action.ToString());
    });

    internal static McpToolHandler TwoSteps { get; } = new DelegateTool("two_steps", static async call =>
    {
        var name = (await call.ElicitAsync("Who are you?", NameForm)).GetText("name");
        var color = (await call.ElicitAsync($"Which color, {name}?", ColorForm)).GetText("color");
        call.ReturnText($"{name} likes {color}");
    });

    internal static McpToolHandler Together { get; } = new DelegateTool("together", static async call =>
    {
        var name = call.ElicitAsync("Who are you?", NameForm, "user_name").AsTask();
        var greeting = call.SampleAsync(new McpSamplingRequest { Messages = [McpSamplingMessage.User("Greet")], MaxTokens = 10 }, "greeting").AsTask();
        var roots = call.RootsAsync("client_roots").AsTask();
        await Task.WhenAll(name, greeting, roots);
        call.ReturnText($"{(await greeting).Text} {(await name).GetText("name")} {(await roots).Count}");
    });

    internal static McpToolHandler Sample { get; } = new DelegateTool("sample", static async call =>
    {
        var answer = await call.SampleAsync(new McpSamplingRequest { Messages = [McpSamplingMessage.User("What is the capital of France?")], MaxTokens = 100 }, "capital");
        call.ReturnText($"{answer.Model} {answer.Role} {answer.StopReason} {answer.Text}");
    });

    internal static McpToolHandler Roots { get; } = new DelegateTool("roots", static async call =>
        call.ReturnText(string.Join(' ', (await call.RootsAsync("client_roots")).Select(static root => $"{root.Uri}={root.Name}"))));

    internal static McpToolHandler Open { get; } = new DelegateTool("open", static async call =>
        call.ReturnText((await call.ElicitUrlAsync("Sign in", new Uri("https://example.com/a?b=c"), "sign_in")).Action.ToString()));
}
