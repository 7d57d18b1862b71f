using System.Globalization;
using System.Text;

namespace Peregrine.JsonSchema.Patterns;

/// <summary>
/// Rewrites a pattern of ECMA-262 with the flag <c>u</c> for .NET: classes mean ASCII, <c>$</c> means the very end, a code point is one character. Escapes of punctuation that the flag
/// <c>u</c> forbids are read as the punctuation, for many patterns in use have them. One pass, not recursive.
/// </summary>
internal ref partial struct EcmaTranslator
{
    private readonly ReadOnlySpan<char> _source;
    private readonly StringBuilder _pattern = new();
    private readonly List<string?> _groups = [];
    private readonly bool _hasBackReferences;
    private int _position;
    private bool _isLinear = true;

    public EcmaTranslator(string source)
    {
        _source = source;
        _hasBackReferences = FindGroups();
    }

    /// <summary>Gives the pattern for .NET.</summary>
    /// <param name="isLinear">Whether the engine that never backtracks can run it.</param>
    /// <exception cref="ArgumentException">The source is no pattern.</exception>
    public string Translate(out bool isLinear)
    {
        while (_position < _source.Length)
        {
            TranslateNext();
        }

        isLinear = _isLinear;
        return _pattern.ToString();
    }

    private void TranslateNext()
    {
        var c = _source[_position++];
        switch (c)
        {
            case '\\':
                TranslateEscape();
                break;
            case '[':
                ReadClass().Append(_pattern);
                break;
            case '(':
                TranslateGroup();
                break;
            case '.':
                UnicodeSets.LineEnds.Complement().Append(_pattern);
                break;
            case '$':
                _pattern.Append("\\z");
                break;
            case '^' or '|' or ')' or '*' or '+' or '?':
                _pattern.Append(c);
                break;
            case '{' when QuantifierLength() is > 0 and var length:
                _pattern.Append(_source.Slice(_position - 1, length));
                _position += length - 1;
                break;
            default:
                _position--;
                AppendLiteral(ReadCodePoint());
                break;
        }
    }

    /// <summary>Length of a quantifier in braces whose opening one was just read; 0 where it is text.</summary>
    private readonly int QuantifierLength()
    {
        var end = _source[_position..].IndexOf('}');
        if (end <= 0)
        {
            return 0;
        }

        var body = _source.Slice(_position, end);
        var comma = body.IndexOf(',');
        var first = comma < 0 ? body : body[..comma];
        var second = comma < 0 ? default : body[(comma + 1)..];
        return first.Length > 0 && !first.ContainsAnyExceptInRange('0', '9') && !second.ContainsAnyExceptInRange('0', '9') ? end + 2 : 0;
    }

    private void TranslateGroup()
    {
        var rest = _source[_position..];
        if (rest is not ['?', ..])
        {
            _pattern.Append(_hasBackReferences ? "(" : "(?:");
            return;
        }

        foreach (var look in (ReadOnlySpan<string>)["?=", "?!", "?<=", "?<!"])
        {
            if (rest.StartsWith(look, StringComparison.Ordinal))
            {
                _isLinear = false;
                _pattern.Append('(').Append(look);
                _position += look.Length;
                return;
            }
        }

        if (rest.StartsWith("?:", StringComparison.Ordinal))
        {
            _pattern.Append("(?:");
            _position += 2;
            return;
        }

        var end = rest.StartsWith("?<", StringComparison.Ordinal) ? rest.IndexOf('>') : -1;
        if (end < 3)
        {
            throw new ArgumentException("A group begins with (? and something that ECMA-262 does not have.");
        }

        _pattern.Append(_hasBackReferences ? "(" : "(?:");
        _position += end + 1;
    }

    /// <summary>Numbers the capturing groups, as ECMA-262 does: named ones among the others. True where something refers back to one.</summary>
    private readonly bool FindGroups()
    {
        var refersBack = false;
        var inClass = false;
        for (var i = 0; i < _source.Length; i++)
        {
            switch (_source[i])
            {
                case '\\':
                    i++;
                    refersBack |= !inClass && i < _source.Length && _source[i] is 'k' or (>= '1' and <= '9');
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    var rest = _source[(i + 1)..];
                    var isNamed = rest is ['?', '<', not ('=' or '!'), ..];
                    if (isNamed || rest is not ['?', ..])
                    {
                        var end = isNamed ? rest.IndexOf('>') : -1;
                        _groups.Add(end > 2 ? rest[2..end].ToString() : null);
                    }

                    break;
                default:
                    break;
            }
        }

        return refersBack;
    }

    private int ReadCodePoint()
    {
        var c = _source[_position++];
        if (char.IsHighSurrogate(c) && _position < _source.Length && char.IsLowSurrogate(_source[_position]))
        {
            return char.ConvertToUtf32(c, _source[_position++]);
        }

        return c;
    }

    private readonly void AppendLiteral(int codePoint)
    {
        if (codePoint > 0xFFFF)
        {
            var pair = char.ConvertFromUtf32(codePoint);
            _pattern.Append("(?:").Append(pair).Append(')');
        }
        else if (char.IsAsciiLetterOrDigit((char)codePoint))
        {
            _pattern.Append((char)codePoint);
        }
        else
        {
            _pattern.Append("\\u").Append(codePoint.ToString("X4", CultureInfo.InvariantCulture));
        }
    }
}
