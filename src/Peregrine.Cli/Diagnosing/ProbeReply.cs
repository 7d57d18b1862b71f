using System.Text.Json;

namespace Peregrine.Cli.Diagnosing;

/// <summary>What a server said to one message.</summary>
/// <param name="Status">The HTTP status; 0 on stdio.</param>
/// <param name="Message">The reply to the request; undefined where none came.</param>
/// <param name="Session">The session id of the response, where it has one.</param>
/// <param name="Before">The messages that came before the reply.</param>
internal sealed record ProbeReply(int Status, JsonElement Message, string? Session, IReadOnlyList<JsonElement> Before)
{
    internal static ProbeReply Nothing { get; } = new(0, default, null, []);

    /// <summary>True where any JSON-RPC reply came.</summary>
    internal bool IsAnswered => Message.ValueKind == JsonValueKind.Object;

    /// <summary>The result; undefined where there is none.</summary>
    internal JsonElement Result => IsAnswered && Message.TryGetProperty("result", out var result) ? result : default;

    /// <summary>The error's code; null where there is no error.</summary>
    internal int? ErrorCode => Error is { ValueKind: JsonValueKind.Object } error && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var value) ? value : null;

    /// <summary>The error; undefined where there is none.</summary>
    internal JsonElement Error => IsAnswered && Message.TryGetProperty("error", out var error) ? error : default;

    /// <summary>What came, in words.</summary>
    internal string Describe()
    {
        var status = Status == 0 ? "" : $"HTTP {Status}, ";
        return status + (ErrorCode is { } code ? $"error {code}" : Result.ValueKind != JsonValueKind.Undefined ? "a result" : "no JSON-RPC reply");
    }

    /// <summary>A member of the result; undefined where there is none.</summary>
    internal JsonElement Find(params ReadOnlySpan<string> path) => Find(Result, path);

    /// <summary>A member of a message; undefined where there is none.</summary>
    internal static JsonElement Find(JsonElement message, params ReadOnlySpan<string> path)
    {
        var value = message;
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return default;
            }
        }

        return value;
    }
}
