using System.Text.Json;

namespace Peregrine.Cli.Calling;

/// <summary>Understands what the command line says of a call.</summary>
internal static class ToolCalls
{
    internal static ToolCall? TryParse(ReadOnlySpan<string> words, string? arguments, out string error)
    {
        error = "";
        if (words.IsEmpty)
        {
            error = "name a tool; `peregrine list` shows those of a server";
            return null;
        }

        List<KeyValuePair<string, string>> pairs = [];
        foreach (var word in words[1..])
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                error = $"\"{word}\" is no NAME=VALUE";
                return null;
            }

            pairs.Add(new(word[..equals], word[(equals + 1)..]));
        }

        if (arguments is not null && (pairs.Count > 0 || !IsObject(arguments)))
        {
            error = pairs.Count > 0 ? "give the arguments either with --args or as NAME=VALUE, not both" : "--args takes one JSON object, such as '{\"message\":\"hello\"}'";
            return null;
        }

        return new ToolCall(words[0], arguments, pairs);
    }

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
