namespace Peregrine.Protocol.Framing;

/// <summary>
/// Line breaks inside a message. A raw line feed or carriage return in valid JSON is always insignificant white space, so on channels whose frames
/// are lines (stdio, SSE) it is replaced by a space. Works in place.
/// </summary>
public static class LineBreaks
{
    /// <summary>Replaces every CR and LF in <paramref name="json"/> by a space.</summary>
    public static void ReplaceWithSpaces(Span<byte> json)
    {
        // Mostly there is none. Where there is one there are many (indented JSON), and two vectorised passes beat a search for each.
        var first = json.IndexOfAny((byte)'\n', (byte)'\r');
        if (first >= 0)
        {
            json = json[first..];
            json.Replace((byte)'\n', (byte)' ');
            json.Replace((byte)'\r', (byte)' ');
        }
    }
}
