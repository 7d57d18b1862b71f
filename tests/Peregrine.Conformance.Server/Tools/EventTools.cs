using Peregrine.Server;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>Tools that tell those who listen that lists have changed.</summary>
internal static class EventTools
{
    /// <summary>Adds them.</summary>
    /// <param name="builder">The server that they belong to.</param>
    /// <param name="server">Gives the server once it is built: it does the telling.</param>
    internal static PeregrineServerBuilder AddEventTools(this PeregrineServerBuilder builder, Func<PeregrineServer> server) => builder
        .AddTool(ToolSchema.Define("test_trigger_tool_change", "Tells listeners that the list of tools has changed."), call =>
        {
            server().NotifyToolsChanged();
            call.ReturnText("Told.");
            return default;
        })
        .AddTool(ToolSchema.Define("test_trigger_prompt_change", "Tells listeners that the list of prompts has changed."), call =>
        {
            server().NotifyPromptsChanged();
            call.ReturnText("Told.");
            return default;
        });
}
