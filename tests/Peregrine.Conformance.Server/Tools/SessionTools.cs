using System.Text;
using Peregrine.Server.Compat.Sampling;
using Peregrine.Server.Interaction;
using Peregrine.Server.Interaction.Forms;
using Peregrine.Server.Sessions;
using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>Tools that tell their client something and ask it, as the suite wants them in the session era.</summary>
[McpTools]
internal sealed class SessionTools
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly McpForm User = McpForm.Create()
        .AddText("username", description: "The user's name")
        .AddText("email", description: "The user's address", format: McpTextFormat.Email)
        .Build();

    private static readonly McpForm Presets = McpForm.Create()
        .AddText("name", description: "A name", preset: "John Doe", required: false)
        .AddInteger("age", description: "An age", preset: 30, required: false)
        .AddNumber("score", description: "A score", preset: 95.5, required: false)
        .AddChoice("status", ["active", "inactive", "pending"], description: "A status", preset: "active", required: false)
        .AddBoolean("verified", description: "Whether it was verified", preset: true, required: false)
        .Build();

    private static readonly McpForm Choices = McpForm.Create()
        .AddChoice("untitledSingle", ["option1", "option2", "option3"], description: "One of some", required: false)
        .AddChoice("titledSingle", [new McpFormChoice("value1", "First Option"), new McpFormChoice("value2", "Second Option"), new McpFormChoice("value3", "Third Option")],
            description: "One of some that have titles", required: false)
        .AddChoiceWithNames("legacyEnum", [new McpFormChoice("opt1", "Option One"), new McpFormChoice("opt2", "Option Two"), new McpFormChoice("opt3", "Option Three")],
            description: "One of some, as older clients know it", required: false)
        .AddChoices("untitledMulti", ["option1", "option2", "option3"], description: "Several of some", minItems: 1, maxItems: 3, required: false)
        .AddChoices("titledMulti", [new McpFormChoice("value1", "First Choice"), new McpFormChoice("value2", "Second Choice"), new McpFormChoice("value3", "Third Choice")],
            description: "Several of some that have titles", minItems: 1, maxItems: 3, required: false)
        .Build();

    /// <summary>Tells its client three things while it works.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Fires when the caller cancels.</param>
    [McpTool]
    public static async ValueTask<string> TestToolWithLogging(McpCall call, CancellationToken cancellationToken)
    {
        await call.LogAsync(McpLogLevel.Info, "Tool execution started", cancellationToken: cancellationToken);
        await Task.Delay(Pause, cancellationToken);
        await call.LogAsync(McpLogLevel.Info, "Tool processing data", cancellationToken: cancellationToken);
        await Task.Delay(Pause, cancellationToken);
        await call.LogAsync(McpLogLevel.Info, "Tool execution completed", cancellationToken: cancellationToken);
        return "Three messages were sent.";
    }

    /// <summary>Asks the client's model.</summary>
    /// <param name="prompt">What to ask.</param>
    /// <param name="call">The call.</param>
    [McpTool]
    public static async ValueTask<string> TestSampling(string prompt, McpCall call)
    {
        var answer = await call.SampleAsync(new McpSamplingRequest { Messages = [McpSamplingMessage.User(prompt)], MaxTokens = 100 });
        return $"LLM response: {answer.Text}";
    }

    /// <summary>Asks the user for a name and an address.</summary>
    /// <param name="message">What the user is told.</param>
    /// <param name="call">The call.</param>
    [McpTool]
    public static async ValueTask<string> TestElicitation(string message, McpCall call) => $"User response: {Describe(await call.ElicitAsync(message, User))}";

    /// <summary>Asks the user with a form whose fields hold something at first.</summary>
    /// <param name="call">The call.</param>
    [McpTool(Name = "test_elicitation_sep1034_defaults")]
    public static async ValueTask<string> AskWithPresets(McpCall call) =>
        $"Elicitation completed: {Describe(await call.ElicitAsync("Please review and update the form fields with defaults", Presets))}";

    /// <summary>Asks the user to choose, in every form that there is.</summary>
    /// <param name="call">The call.</param>
    [McpTool(Name = "test_elicitation_sep1330_enums")]
    public static async ValueTask<string> AskToChoose(McpCall call) =>
        $"Elicitation completed: {Describe(await call.ElicitAsync("Please select options from the enum fields", Choices))}";

    private static string Describe(McpElicitAnswer answer)
    {
        var text = Encoding.UTF8.GetString(answer.Json.Span);
        return $"action={answer.Action switch { McpElicitAction.Accept => "accept", McpElicitAction.Decline => "decline", _ => "cancel" }}, content={text}";
    }
}
