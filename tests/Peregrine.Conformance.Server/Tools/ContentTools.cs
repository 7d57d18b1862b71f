using Peregrine.Server.Content;
using Peregrine.Server.Resources;
using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server.Tools;

/// <summary>Tools that return more than text, in both eras.</summary>
internal static class ContentTools
{
    internal static IEnumerable<McpToolHandler> All =>
    [
        new FixtureTool("test_image_content", "Returns an image.", static call => call.ReturnContent(McpContent.Image(Samples.Png, "image/png"))),
        new FixtureTool("test_audio_content", "Returns audio.", static call => call.ReturnContent(McpContent.Audio(Samples.Wav, "audio/wav"))),
        new FixtureTool("test_embedded_resource", "Returns a resource.", static call => call.ReturnContent(
            McpContent.Resource(McpResourceContents.FromText("test://embedded-resource", "This is an embedded resource content.", "text/plain")))),
        new FixtureTool("test_multiple_content_types", "Returns a text, an image and a resource.", static call => call.ReturnContent(
            McpContent.Text("Multiple content types test:"),
            McpContent.Image(Samples.Png, "image/png"),
            McpContent.Resource(McpResourceContents.FromText("test://mixed-content-resource", """{"test":"data","value":123}""", "application/json")))),
    ];
}
