using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.Headers;

/// <summary>
/// The arguments of one tool that clients mirror in headers, so that what stands in between can route without reading the body (2026-07-28, Streamable HTTP, custom headers).
/// Immutable and thread-safe.
/// </summary>
public sealed class ToolHeaders
{
    internal ToolHeaders(IReadOnlyList<ToolHeader> headers) => All = headers;

    /// <summary>The annotated arguments, in the schema's order.</summary>
    public IReadOnlyList<ToolHeader> All { get; }

    /// <summary>The headers that repeat the annotated arguments of a call.</summary>
    /// <param name="arguments">The call's arguments, a raw JSON object; empty where there are none.</param>
    /// <returns>One header for each argument that is there, not null, and of a type that a header can repeat.</returns>
    public IReadOnlyList<KeyValuePair<string, string>> Mirror(ReadOnlySpan<byte> arguments)
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

    /// <summary>Finds an argument by the names that lead to it.</summary>
    /// <param name="arguments">The call's arguments, a raw JSON object that is valid; empty where there are none.</param>
    /// <param name="path">The names, unescaped, from the outermost.</param>
    /// <param name="value">The raw value; empty where it is absent.</param>
    /// <returns>False where a name on the way is given twice: a reader in between might have taken the other.</returns>
    public static bool TryFind(ReadOnlySpan<byte> arguments, IReadOnlyList<byte[]> path, out ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(path);
        value = arguments;
        foreach (var name in path)
        {
            if (!JsonText.IsObject(value))
            {
                value = default;
                return true;
            }

            if (!TryFindMember(value, name, out value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryFindMember(ReadOnlySpan<byte> container, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        var reader = new Utf8JsonReader(container);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = JsonText.TokenEquals(reader, name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!isWanted)
            {
                continue;
            }

            if (!value.IsEmpty)
            {
                return false;
            }

            value = container[start..(int)reader.BytesConsumed];
        }

        return true;
    }
}
