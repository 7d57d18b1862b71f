using Peregrine.Server;
using Peregrine.Server.Content;
using Peregrine.Server.Resources;
using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>Tools that return more than text, in both eras.</summary>
internal static class ContentTools
{
    internal static PeregrineServerBuilder AddContentTools(this PeregrineServerBuilder builder) => builder
        .AddContentTool("test_image_content", "Returns an image.", McpContent.Image(Samples.Png, "image/png"))
        .AddContentTool("test_audio_content", "Returns audio.", McpContent.Audio(Samples.Wav, "audio/wav"))
        .AddContentTool("test_embedded_resource", "Returns a resource.",
            McpContent.Resource(McpResourceContents.FromText("test://embedded-resource", "This is an embedded resource content.", "text/plain")))
        .AddContentTool("test_multiple_content_types", "Returns a text, an image and a resource.",
            McpContent.Text("Multiple content types test:"),
            McpContent.Image(Samples.Png, "image/png"),
            McpContent.Resource(McpResourceContents.FromText("test://mixed-content-resource", """{"test":"data","value":123}""", "application/json")));

    private static PeregrineServerBuilder AddContentTool(this PeregrineServerBuilder builder, string name, string description, params McpContent[] blocks) =>
        builder.AddTool(ToolSchema.Define(name, description), call =>
        {
            call.ReturnContent(blocks);
            return default;
        });
}
