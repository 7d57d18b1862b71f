using System.Globalization;
using System.Text.Json;

namespace Peregrine.Bench.Peers.Workload;

/// <summary>Examines single replies whole, before a run only counts them.</summary>
internal static class Replies
{
    /// <summary>Throws unless the text is a successful reply to the request of that id.</summary>
    public static void Check(string reply, int id)
    {
        using JsonDocument document = Parse(reply, id);
    }

    /// <summary>The same, and the result is the echoed text.</summary>
    public static void CheckEcho(string reply, int id)
    {
        using JsonDocument document = Parse(reply, id);
        bool isEcho = document.RootElement.GetProperty("result").TryGetProperty("content", out JsonElement content)
            && content.ValueKind == JsonValueKind.Array
            && content.GetArrayLength() == 1
            && content[0].TryGetProperty("text", out JsonElement text)
            && text.ValueEquals(Messages.EchoText);
        if (!isEcho)
            throw new BenchException($"not the echoed text: {Excerpt(reply)}");
    }

    /// <summary>The same, and the result lists at least that many tools.</summary>
    public static void CheckList(string reply, int id, int atLeast)
    {
        using JsonDocument document = Parse(reply, id);
        bool isList = document.RootElement.GetProperty("result").TryGetProperty("tools", out JsonElement tools)
            && tools.ValueKind == JsonValueKind.Array
            && tools.GetArrayLength() >= atLeast;
        if (!isList)
            throw new BenchException($"not a list of at least {atLeast} tools: {Excerpt(reply)}");
    }

    /// <summary>The reply with a placeholder in the place of its id.</summary>
    public static string ToTemplate(string reply, int id)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"\"id\":{id}");
        int at = reply.IndexOf(text, StringComparison.Ordinal);
        return at < 0
            ? throw new BenchException($"no id where one was expected: {Excerpt(reply)}")
            : $"{reply[..at]}\"id\":{Messages.IdPlaceholder}{reply[(at + text.Length)..]}";
    }

    private static JsonDocument Parse(string reply, int id)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(reply);
        }
        catch (JsonException)
        {
            throw new BenchException($"not JSON: {Excerpt(reply)}");
        }

        JsonElement root = document.RootElement;
        bool isReply = root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("id", out JsonElement idElement)
            && idElement.ValueKind == JsonValueKind.Number
            && idElement.GetInt32() == id
            && root.TryGetProperty("result", out JsonElement result)
            && result.ValueKind == JsonValueKind.Object
            && !(result.TryGetProperty("isError", out JsonElement isError) && isError.ValueKind == JsonValueKind.True);
        return isReply ? document : throw new BenchException($"not a successful reply to request {id}: {Excerpt(reply)}");
    }

    private static string Excerpt(string reply) => reply.Length <= 300 ? reply : reply[..300] + "...";
}
