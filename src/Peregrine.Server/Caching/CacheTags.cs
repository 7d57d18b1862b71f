using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Caching;

/// <summary>
/// The tags of a tool, some of which may name arguments: <c>task:{id}</c> is <c>task:7</c> for a call with <c>{"id":7}</c>. An argument that is absent, or no string, number or truth value, gives nothing:
/// <c>task:</c>. Immutable.
/// </summary>
internal sealed class CacheTags
{
    // A tag is a name; an argument that long is none, and takes the place of its beginning.
    private const int MaxArgument = 256;

    private readonly string[] _tags;
    private readonly bool _areFixed;

    internal CacheTags(IReadOnlyList<string> tags)
    {
        _tags = [.. tags];
        _areFixed = !_tags.Any(static tag => tag.Contains('{', StringComparison.Ordinal));
    }

    internal bool IsEmpty => _tags.Length == 0;

    internal IReadOnlyList<string> Names => _tags;

    /// <summary>The tags for a call with these arguments.</summary>
    /// <param name="arguments">A raw JSON object, or empty.</param>
    internal string[] For(ReadOnlySpan<byte> arguments)
    {
        if (_areFixed)
        {
            return _tags;
        }

        Dictionary<string, string> values = new(StringComparer.Ordinal);
        if (!arguments.IsEmpty)
        {
            Read(arguments, values);
        }

        return Array.ConvertAll(_tags, tag => Fill(tag, values));
    }

    private static void Read(ReadOnlySpan<byte> arguments, Dictionary<string, string> values)
    {
        var reader = new Utf8JsonReader(arguments);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = TextOf(ref reader);
            reader.Read();
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False && name is not null)
            {
                values[name] = TextOf(ref reader) is { } text ? text[..Math.Min(text.Length, MaxArgument)] : "";
            }

            reader.Skip();
        }
    }

    // Null for what is no proper text, a lone surrogate somewhere.
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }

        return JsonText.TryGetTokenString(reader, out var text) ? text : null;
    }

    private static string Fill(string tag, Dictionary<string, string> values)
    {
        var filled = new StringBuilder();
        var rest = tag.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open && rest[open..].IndexOf('}') is > 0 and var length)
        {
            filled.Append(rest[..open]);
            filled.Append(values.GetValueOrDefault(rest.Slice(open + 1, length - 1).ToString()));
            rest = rest[(open + length + 1)..];
        }

        return filled.Append(rest).ToString();
    }
}
