using System.Text;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Headers;

/// <content>The other direction: what a call over HTTP must carry for the server at the other end.</content>
internal sealed partial class ToolHeaders
{
    /// <summary>The headers that repeat the annotated arguments of a call.</summary>
    /// <param name="arguments">The call's arguments, a raw JSON object; empty where there are none.</param>
    /// <returns>One header for each argument that is there, not null, and of a type that a header can repeat.</returns>
    internal List<KeyValuePair<string, string>> Mirror(ReadOnlySpan<byte> arguments)
    {
        List<KeyValuePair<string, string>> mirrored = new(All.Count);
        foreach (var header in All)
        {
            // An argument that is given twice gets none: the server refuses the call and says why.
            if (TryFind(arguments, header.Path, out var argument) && Text(argument) is { } text)
            {
                mirrored.Add(new(header.HeaderName, HeaderValue.Encode(text)));
            }
        }

        return mirrored;
    }

    private static string? Text(ReadOnlySpan<byte> argument) => argument switch
    {
        [] or [(byte)'n', ..] or [(byte)'{', ..] or [(byte)'[', ..] => null,
        [(byte)'"', ..] => JsonText.TryGetString(argument, out var text) ? text : null,
        _ => Encoding.ASCII.GetString(argument),
    };
}
