using Peregrine.Server.Compat.Sampling;
using Peregrine.Server.Interaction.Forms;
using Peregrine.Server.Sessions;
using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>Tools that ask their client, by the names and with the questions that the suite wants in the stateless era: there the client brings the answers with a retry.</summary>
[McpTools]
internal sealed class InputTools
{
    private static readonly McpForm Name = McpForm.Create().AddText("name").Build();
    private static readonly McpForm Color = McpForm.Create().AddText("color").Build();
    private static readonly McpForm Confirmation = McpForm.Create().AddBoolean("ok").Build();

    private static readonly McpSamplingRequest Capital = new() { Messages = [McpSamplingMessage.User("What is the capital of France?")], MaxTokens = 100 };
    private static readonly McpSamplingRequest Greeting = new() { Messages = [McpSamplingMessage.User("Generate a greeting")], MaxTokens = 50 };

    /// <summary>Asks the user for a name.</summary>
    /// <param name="call">The call.</param>
    [McpTool(Name = "test_input_required_result_elicitation")]
    public static async ValueTask<string> AskForName(McpCall call)
    {
        var answer = await call.ElicitAsync("What is your name?", Name, "user_name");
        return answer.IsAccepted ? $"Hello, {answer.GetText("name")}!" : "No name was given.";
    }

    /// <summary>Asks the client's model.</summary>
    /// <param name="call">The call.</param>
    [McpTool(Name = "test_input_required_result_sampling")]
    public static async ValueTask<string> AskModel(McpCall call) => (await call.SampleAsync(Capital, "capital_question")).Text;

    /// <summary>Asks for the client's folders.</summary>
    /// <param name="call">The call.</param>
    [McpTool(Name = "test_input_required_result_list_roots")]
    public static async ValueTask<string> AskForRoots(McpCall call)
    {
        var roots = await call.RootsAsync("client_roots");
        return $"The client has {roots.Count} roots: {string.Join(", ", roots.Select(static root => root.Uri))}";
    }

    /// <summary>Asks the user to confirm; what was asked travels sealed with the retry.</summary>
    /// <param name="call">The call.</param>
    [McpTool(Name = "test_input_required_result_request_state")]
    public static async ValueTask<string> Confirm(McpCall call) =>
        (await call.ElicitAsync("Please confirm", Confirmation, "confirm")).GetBoolean("ok") == true ? "state-ok" : "not confirmed";

    /// <summary>Asks three things at once.</summary>
    /// <param name="call">The call.</param>
    [McpTool(Name = "test_input_required_result_multiple_inputs")]
    public static async ValueTask<string> AskForMuch(McpCall call)
    {
        var name = call.ElicitAsync("What is your name?", Name, "user_name");
        var greeting = call.SampleAsync(Greeting, "greeting");
        var roots = call.RootsAsync("client_roots");
        return $"{(await greeting).Text} {(await name).GetText("name")}, with {(await roots).Count} roots.";
    }

    /// <summary>Asks one thing, and then another.</summary>
    /// <param name="call">The call.</param>
    [McpTool(Name = "test_input_required_result_multi_round")]
    public static async ValueTask<string> AskTwice(McpCall call)
    {
        var name = await call.ElicitAsync("Step 1: What is your name?", Name, "step1");
        var color = await call.ElicitAsync("Step 2: What is your favorite color?", Color, "step2");
        return $"{name.GetText("name")} likes {color.GetText("color")}.";
    }

    /// <summary>Asks the user to confirm, for clients that change what travels with the retry.</summary>
    /// <param name="call">The call.</param>
    [McpTool(Name = "test_input_required_result_tampered_state")]
    public static ValueTask<string> ConfirmUntampered(McpCall call) => Confirm(call);

    /// <summary>Asks only what the client can answer.</summary>
    /// <param name="call">The call.</param>
    [McpTool(Name = "test_input_required_result_capabilities")]
    public static async ValueTask<string> AskWhatIsPossible(McpCall call)
    {
        List<Task<string>> asked = [];
        if (call.Client.ElicitationForm)
        {
            asked.Add(AskForName(call).AsTask());
        }

        if (call.Client.Sampling)
        {
            asked.Add(AskModel(call).AsTask());
        }

        return string.Join(' ', await Task.WhenAll(asked));
    }

    /// <summary>Needs the client's model.</summary>
    /// <param name="call">The call.</param>
    [McpTool]
    public static ValueTask<string> TestMissingCapability(McpCall call) => AskModel(call);

    /// <summary>Reports its progress, and asks nothing on the way.</summary>
    /// <param name="call">The call.</param>
    [McpTool]
    public static async ValueTask<string> TestStreamingElicitation(McpCall call)
    {
        await call.ReportProgressAsync(1, 1);
        return "Nothing was asked.";
    }

    /// <summary>Tells its client something, where it wants to hear.</summary>
    /// <param name="call">The call.</param>
    [McpTool]
    public static async ValueTask<string> TestLoggingTool(McpCall call)
    {
        await call.LogAsync(McpLogLevel.Info, "The tool runs.");
        return "Logged.";
    }
}
