using System.Text;
using Peregrine.Client.Content;

namespace Peregrine.Cli.Calling;

/// <summary>Says in a line of text what a content block holds.</summary>
internal static class ContentText
{
    internal static string Describe(ContentPart part) => part switch
    {
        { Text: { } text } => text,
        { Type: "resource_link" } => $"[{part.Name ?? "resource"}: {part.Uri}]",
        { Type: "image" or "audio" or "resource" } => $"[{part.Type} {part.MimeType}, {Length(part)} bytes]",
        _ => Encoding.UTF8.GetString(part.Raw.Span),
    };

    private static string Length(ContentPart part)
    {
        try
        {
            return part.GetData().Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            return "damaged";
        }
    }
}
