using Peregrine.Client.Json;

namespace Peregrine.Client.Tools;

/// <summary>Reads one page of <c>tools/list</c>.</summary>
internal static class ToolListPage
{
    /// <summary>Adds the page's tools.</summary>
    /// <param name="result">The result, raw.</param>
    /// <param name="tools">Receives the tools; entries without a name are left out, for nobody could call them.</param>
    /// <returns>The raw cursor of the next page; empty where this is the last.</returns>
    internal static byte[] Read(ReadOnlySpan<byte> result, List<RemoteTool> tools)
    {
        byte[] cursor = [];
        var members = new ObjectReader(result);
        while (members.Next())
        {
            if (members.Is("tools"u8))
            {
                ReadTools(members.Value, tools);
            }
            else if (members.Is("nextCursor"u8) && members.Value[0] == (byte)'"')
            {
                cursor = members.Value.ToArray();
            }
        }

        return cursor;
    }

    private static void ReadTools(ReadOnlySpan<byte> array, List<RemoteTool> tools)
    {
        // One copy for the page; its tools are slices of it.
        var copy = array.ToArray().AsMemory();
        var elements = new ArrayReader(array);
        while (elements.Next())
        {
            if (ObjectReader.FindText(elements.Value, "name"u8) is { } name)
            {
                tools.Add(new RemoteTool(name, elements.Range.Of(copy)));
            }
        }
    }
}
