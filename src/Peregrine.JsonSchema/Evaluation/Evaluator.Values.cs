using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Patterns;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Evaluation;

/// <summary>Values, numbers and strings.</summary>
internal ref partial struct Evaluator
{
    private bool CheckValues(SchemaNode node, ValueRules rules, int token)
    {
        var constants = node.Position.Document.Text;
        var valid = rules.Const < 0 || JsonEquality.Equal(constants, rules.Const, _text, token) || Violated(node, "const", token);
        if (rules.Enum is null || (!valid && _errors is null))
        {
            return valid;
        }

        return (IsInEnum(rules, constants, token) || Violated(node, "enum", token)) & valid;
    }

    private bool IsInEnum(ValueRules rules, scoped JsonText constants, int token)
    {
        if (rules.EnumStrings is { } strings)
        {
            return _text.Tokens[token].Types == JsonTypes.String && strings.Find(Unescaped(token)) >= 0;
        }

        _budget -= rules.Enum!.Length / 8;
        foreach (var constant in rules.Enum)
        {
            if (JsonEquality.Equal(constants, constant, _text, token))
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool CheckNumber(SchemaNode node, NumberRules rules, int token)
    {
        var literal = _text.Raw(token);
        if (rules.IsSmallRange && JsonNumber.TryGetSmall(literal, out var small) && small >= rules.Least && small <= rules.Most)
        {
            return true;
        }

        var valid = rules.Minimum is null || rules.Minimum.CompareTo(literal) >= 0 || Violated(node, "minimum", token);
        valid &= rules.Maximum is null || rules.Maximum.CompareTo(literal) <= 0 || Violated(node, "maximum", token);
        valid &= rules.ExclusiveMinimum is null || rules.ExclusiveMinimum.CompareTo(literal) > 0 || Violated(node, "exclusiveMinimum", token);
        valid &= rules.ExclusiveMaximum is null || rules.ExclusiveMaximum.CompareTo(literal) < 0 || Violated(node, "exclusiveMaximum", token);
        valid &= rules.MultipleOf is null || rules.MultipleOf.Divides(literal) || Violated(node, "multipleOf", token);
        return valid;
    }

    private bool CheckString(SchemaNode node, StringRules rules, int token)
    {
        var valid = true;
        if (rules.MinLength > 0 || rules.MaxLength != long.MaxValue)
        {
            valid = CheckLength(node, rules, token);
        }

        if (rules.Pattern is not null && (valid || _errors is not null))
        {
            valid &= Matches(rules.Pattern, token) || Violated(node, "pattern", token);
        }

        if (rules.Format is not null && (valid || _errors is not null))
        {
            valid &= rules.Format.IsMatch(Unescaped(token)) || Violated(node, "format", token);
        }

        return valid;
    }

    private readonly bool CheckLength(SchemaNode node, StringRules rules, int token)
    {
        ref readonly var value = ref _text.Tokens[token];
        // A code point has at most four bytes, or twelve as an escape: most lengths are settled by the number of bytes.
        if (value.Length <= rules.MaxLength && value.Length / (value.Escaped ? 12 : 4) >= rules.MinLength)
        {
            return true;
        }

        var length = value.Escaped ? JsonStrings.CodePointsOfEscaped(_text.Raw(token)) : JsonStrings.CodePoints(_text.Raw(token));
        var valid = length >= rules.MinLength || Violated(node, "minLength", token);
        return (length <= rules.MaxLength || Violated(node, "maxLength", token)) & valid;
    }

    /// <summary>Whether a pattern is found in a string or name.</summary>
    private bool Matches(EcmaPattern pattern, int token)
    {
        _budget -= _text.Tokens[token].Length / 16;
        var result = pattern.Match(Unescaped(token), _scratch);
        return result == PatternResult.TimedOut ? GiveUp(GiveUpReason.Pattern) : result == PatternResult.Match;
    }

    /// <summary>The text of a string or name; valid until the next call.</summary>
    private readonly ReadOnlySpan<byte> Unescaped(int token)
    {
        var raw = _text.Raw(token);
        if (!_text.Tokens[token].Escaped)
        {
            return raw;
        }

        var text = _scratch.Text(raw.Length);
        return text[..JsonStrings.Unescape(raw, text)];
    }
}
