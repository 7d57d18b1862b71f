using System.Globalization;
using System.Text;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Output;

/// <summary>What is said about a violation: what was expected, and what was found.</summary>
internal static class Sentences
{
    // Enough to recognise a value by.
    private const int MaxShown = 60;
    private const int MaxListed = 10;

    /// <summary>The sentence for a keyword.</summary>
    public static string For(scoped JsonText text, SchemaNode node, string keyword, int token) => keyword switch
    {
        "" => "nothing is allowed here, found " + Show(text, token),
        "type" => $"expected {Types(node.Types)}, found {Show(text, token)}",
        "const" => $"expected {Show(node.Position.Document.Text, node.Values!.Const)}, found {Show(text, token)}",
        "enum" => $"expected {Choices(node)}, found {Show(text, token)}",
        "minimum" => $"expected {node.Numbers!.Minimum!.Text} or more, found {Show(text, token)}",
        "maximum" => $"expected {node.Numbers!.Maximum!.Text} or less, found {Show(text, token)}",
        "exclusiveMinimum" => $"expected more than {node.Numbers!.ExclusiveMinimum!.Text}, found {Show(text, token)}",
        "exclusiveMaximum" => $"expected less than {node.Numbers!.ExclusiveMaximum!.Text}, found {Show(text, token)}",
        "multipleOf" => $"expected a multiple of {node.Numbers!.MultipleOf!.Text}, found {Show(text, token)}",
        "minLength" => $"expected at least {Count(node.Strings!.MinLength, "character")}, found {Show(text, token)}",
        "maxLength" => $"expected at most {Count(node.Strings!.MaxLength, "character")}, found {CodePoints(text, token)}: {Show(text, token)}",
        "pattern" => $"expected text that matches the pattern {node.Strings!.Pattern!.Source}, found {Show(text, token)}",
        "format" => $"expected text of the format {node.Strings!.Format!.Name}, found {Show(text, token)}",
        "not" => $"must not match the schema of \"not\", but does: {Show(text, token)}",
        _ => Size(node, keyword, text.Tokens[token].Length),
    };

    /// <summary>A required member that is missing, and what may have been given in its place.</summary>
    public static string Missing(scoped JsonText text, NameTable names, int name, int token)
    {
        var missing = Encoding.UTF8.GetString(names[name]);
        var sentence = $"the property {Quote(missing)} is missing";
        return NearMember.Find(text, names, token, missing) is { } near ? $"{sentence}; found {Quote(near)}, did you mean {Quote(missing)}?" : sentence;
    }

    /// <summary>A member that another one requires.</summary>
    public static string MissingBeside(ReadOnlySpan<byte> name, ReadOnlySpan<byte> present) =>
        $"the property {Quote(Encoding.UTF8.GetString(name))} is missing; {Quote(Encoding.UTF8.GetString(present))} requires it";

    /// <summary>Text in quotes, shortened, control characters shown.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length > MaxShown ? string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxShown - 1]) ? MaxShown - 1 : MaxShown), "...") : text;
        return "\"" + string.Concat(shown.Select(static c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString())) + "\"";
    }

    private static string Size(SchemaNode node, string keyword, int length) => keyword switch
    {
        "minItems" => $"expected at least {Count(node.Arrays!.MinItems, "item")}, found {length}",
        "maxItems" => $"expected at most {Count(node.Arrays!.MaxItems, "item")}, found {length}",
        "contains" => "expected at least one item that matches the schema of \"contains\"",
        "minContains" => $"expected at least {Count(node.Arrays!.MinContains, "item")} that match the schema of \"contains\"",
        "maxContains" => $"expected at most {Count(node.Arrays!.MaxContains, "item")} that match the schema of \"contains\"",
        "minProperties" => $"expected at least {Count(node.Objects!.MinProperties, "property")}, found {length}",
        "maxProperties" => $"expected at most {Count(node.Objects!.MaxProperties, "property")}, found {length}",
        _ => $"does not fulfil \"{keyword}\"",
    };

    private static string Count(long count, string what)
    {
        var plural = what.EndsWith('y') ? what[..^1] + "ies" : what + "s";
        return $"{count.ToString(CultureInfo.InvariantCulture)} {(count == 1 ? what : plural)}";
    }

    private static int CodePoints(scoped JsonText text, int token) =>
        text.Tokens[token].Escaped ? JsonStrings.CodePointsOfEscaped(text.Raw(token)) : JsonStrings.CodePoints(text.Raw(token));

    private static string Choices(SchemaNode node)
    {
        var text = node.Position.Document.Text;
        var choices = new StringBuilder();
        foreach (var constant in node.Values!.Enum!.Take(MaxListed))
        {
            choices.Append(choices.Length == 0 ? "" : ", ").Append(Show(text, constant));
        }

        return node.Values.Enum!.Length switch
        {
            0 => "nothing (the enum is empty)",
            1 => choices.ToString(),
            > MaxListed => $"one of {choices} and {node.Values.Enum.Length - MaxListed} more",
            _ => "one of " + choices,
        };
    }

    private static string Types(JsonTypes types)
    {
        var names = Enum.GetValues<JsonTypes>().Where(t => t != JsonTypes.None && types.HasFlag(t) && (t != JsonTypes.Integer || !types.HasFlag(JsonTypes.Number)));
        return string.Join(" or ", names.Select(static t => t switch
        {
            JsonTypes.Null => "null",
            JsonTypes.Object => "an object",
            JsonTypes.Array => "an array",
            JsonTypes.Integer => "an integer",
            _ => "a " + t.ToString().ToLowerInvariant(),
        }));
    }

    /// <summary>A value as it is written, where it is short; otherwise what it is.</summary>
    private static string Show(scoped JsonText text, int token)
    {
        ref readonly var value = ref text.Tokens[token];
        switch (value.Types)
        {
            case JsonTypes.Object:
                return value.Length == 0 ? "an empty object" : "an object";
            case JsonTypes.Array:
                return value.Length == 0 ? "an empty array" : "an array";
            case JsonTypes.String:
                return Quote(JsonStrings.ToText(text.Raw(token), value.Escaped));
            default:
                var literal = Encoding.UTF8.GetString(text.Raw(token));
                return literal.Length > MaxShown ? string.Concat(literal.AsSpan(0, MaxShown), "...") : literal;
        }
    }
}
