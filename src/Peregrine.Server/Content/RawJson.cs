using System.Text.Json;
using Peregrine.Protocol.Framing;

namespace Peregrine.Server.Content;

/// <summary>Takes raw JSON from the server's author: what is not JSON would break the reply that carries it, so it is refused where it is given.</summary>
internal static class RawJson
{
    /// <summary>A copy of a JSON object on one line; empty stays empty.</summary>
    /// <exception cref="ArgumentException">It is no JSON object.</exception>
    internal static ReadOnlyMemory<byte> TakeObject(ReadOnlyMemory<byte> json, string name) => Take(json, JsonTokenType.StartObject, name, "object");

    /// <summary>A copy of a JSON array on one line; empty stays empty.</summary>
    /// <exception cref="ArgumentException">It is no JSON array.</exception>
    internal static ReadOnlyMemory<byte> TakeArray(ReadOnlyMemory<byte> json, string name) => Take(json, JsonTokenType.StartArray, name, "array");

    /// <summary>A copy of one JSON value on one line.</summary>
    /// <exception cref="ArgumentException">It is no JSON value.</exception>
    internal static byte[] Copy(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (reader.Read())
            {
                reader.Skip();
                if (!reader.Read())
                {
                    var copy = json.ToArray();
                    LineBreaks.ReplaceWithSpaces(copy);
                    return copy;
                }
            }
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"{name} must be one JSON value: {exception.Message}", name, exception);
        }

        throw new ArgumentException($"{name} must be one JSON value.", name);
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> json, JsonTokenType start, string name, string kind)
    {
        if (json.IsEmpty)
        {
            return json;
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span);
            if (reader.Read() && reader.TokenType == start)
            {
                reader.Skip();
                if (!reader.Read())
                {
                    var copy = json.ToArray();
                    LineBreaks.ReplaceWithSpaces(copy);
                    return copy;
                }
            }
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"{name} must be a JSON {kind}: {exception.Message}", name, exception);
        }

        throw new ArgumentException($"{name} must be a JSON {kind}.", name);
    }
}
