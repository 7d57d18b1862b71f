using System.Globalization;

namespace Peregrine.JsonSchema.Patterns;

/// <summary>Escapes and character classes.</summary>
internal ref partial struct EcmaTranslator
{
    private const string WordBefore = "(?<=[0-9A-Za-z_])";
    private const string NoWordBefore = "(?<![0-9A-Za-z_])";
    private const string WordBehind = "(?=[0-9A-Za-z_])";
    private const string NoWordBehind = "(?![0-9A-Za-z_])";

    private void TranslateEscape()
    {
        if (_position == _source.Length)
        {
            throw new ArgumentException("It ends with a backslash.");
        }

        var c = _source[_position];
        switch (c)
        {
            case 'b' or 'B':
                _position++;
                // .NET's word boundary knows the letters of all scripts, and the engine that never backtracks knows no other.
                _isLinear = false;
                _pattern.Append(c == 'b'
                    ? $"(?:{WordBefore}{NoWordBehind}|{NoWordBefore}{WordBehind})"
                    : $"(?:{WordBefore}{WordBehind}|{NoWordBefore}{NoWordBehind})");
                break;
            case 'k':
                _position++;
                AppendNamedReference();
                break;
            case >= '1' and <= '9':
                AppendReference(ReadNumber());
                break;
            default:
                if (ReadSet() is { } set)
                {
                    set.Append(_pattern);
                }
                else
                {
                    AppendLiteral(ReadCharacterEscape());
                }

                break;
        }
    }

    private void AppendNamedReference()
    {
        var rest = _source[_position..];
        var end = rest is ['<', ..] ? rest.IndexOf('>') : -1;
        var group = end > 1 ? _groups.IndexOf(rest[1..end].ToString()) : -1;
        if (group < 0)
        {
            throw new ArgumentException("\\k names no group.");
        }

        _position += end + 1;
        AppendReference(group + 1);
    }

    private void AppendReference(int group)
    {
        if (group > _groups.Count)
        {
            throw new ArgumentException($"\\{group} refers to a group that is not there.");
        }

        _isLinear = false;
        _pattern.Append("(?:\\").Append(group).Append(')');
    }

    private int ReadNumber()
    {
        var number = 0;
        while (_position < _source.Length && char.IsAsciiDigit(_source[_position]) && number < 100_000)
        {
            number = (number * 10) + (_source[_position++] - '0');
        }

        return number;
    }

    /// <summary>Reads an escape that stands for a set of characters; null where it does not.</summary>
    private CodePointSet? ReadSet()
    {
        var c = _source[_position];
        CodePointSet? set = c switch
        {
            'd' or 'D' => UnicodeSets.Digits,
            'w' or 'W' => UnicodeSets.Words,
            's' or 'S' => UnicodeSets.Spaces,
            'p' or 'P' => null,
            _ => null,
        };
        if (c is 'p' or 'P')
        {
            var rest = _source[(_position + 1)..];
            var end = rest is ['{', ..] ? rest.IndexOf('}') : -1;
            var name = end > 0 ? rest[1..end].ToString() : "";
            set = UnicodeSets.Property(name) ?? throw new ArgumentException($"\\{c}{{{name}}} is no property that is supported; general categories are.");
            _position += end + 1;
        }

        if (set is null)
        {
            return null;
        }

        _position++;
        return char.IsUpper(c) ? set.Complement() : set;
    }

    /// <summary>Reads an escape that stands for one character.</summary>
    private int ReadCharacterEscape()
    {
        var c = _source[_position++];
        switch (c)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'v':
                return '\v';
            case 'f':
                return '\f';
            case 'r':
                return '\r';
            case '0' when _position == _source.Length || !char.IsAsciiDigit(_source[_position]):
                return 0;
            case 'c' when _position < _source.Length && char.IsAsciiLetter(_source[_position]):
                return _source[_position++] % 32;
            case 'x':
                return ReadHex(2);
            case 'u':
                return ReadUnicodeEscape();
            default:
                if (char.IsAsciiLetterOrDigit(c))
                {
                    throw new ArgumentException($"\\{c} is no escape of ECMA-262.");
                }

                _position--;
                return ReadCodePoint();
        }
    }

    private int ReadUnicodeEscape()
    {
        if (_position < _source.Length && _source[_position] == '{')
        {
            var end = _source[_position..].IndexOf('}');
            if (end < 2 || end > 9 || !int.TryParse(_source.Slice(_position + 1, end - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var codePoint)
                || codePoint is < 0 or > 0x10FFFF)
            {
                throw new ArgumentException("\\u{ needs the number of a code point and a closing brace.");
            }

            _position += end + 1;
            return codePoint;
        }

        var unit = ReadHex(4);
        if (char.IsHighSurrogate((char)unit) && _source[_position..] is ['\\', 'u', 'D' or 'd', 'C' or 'D' or 'E' or 'F' or 'c' or 'd' or 'e' or 'f', ..])
        {
            _position += 2;
            return char.ConvertToUtf32((char)unit, (char)ReadHex(4));
        }

        return unit;
    }

    private int ReadHex(int digits)
    {
        if (_position + digits > _source.Length
            || !int.TryParse(_source.Slice(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw new ArgumentException($"An escape needs {digits} hexadecimal digits.");
        }

        _position += digits;
        return value;
    }

    /// <summary>Reads a class whose opening bracket was just read.</summary>
    private CodePointSet ReadClass()
    {
        var isNegated = _position < _source.Length && _source[_position] == '^';
        _position += isNegated ? 1 : 0;
        var set = new CodePointSet();
        while (_position < _source.Length && _source[_position] != ']')
        {
            var first = ReadClassAtom(set);
            if (_source[_position..] is not ['-', not ']', ..])
            {
                if (first >= 0)
                {
                    set.Add(first);
                }

                continue;
            }

            _position++;
            var last = ReadClassAtom(set);
            if (first < 0 || last < 0)
            {
                // A set beside the hyphen: both and the hyphen are meant, as browsers read it.
                set.Add('-').Add(Math.Max(first, last) is >= 0 and var other ? other : '-');
            }
            else if (last < first)
            {
                throw new ArgumentException("A range in a class ends before it begins.");
            }
            else
            {
                set.Add(first, last);
            }
        }

        if (_position == _source.Length)
        {
            throw new ArgumentException("A class has no closing bracket.");
        }

        _position++;
        return isNegated ? set.Complement() : set;
    }

    /// <summary>Reads one character of a class; -1 where it was an escape for a set, which is added.</summary>
    private int ReadClassAtom(CodePointSet set)
    {
        if (_source[_position] != '\\')
        {
            return ReadCodePoint();
        }

        if (++_position == _source.Length)
        {
            throw new ArgumentException("It ends with a backslash.");
        }

        if (_source[_position] == 'b')
        {
            _position++;
            return '\b';
        }

        if (ReadSet() is { } named)
        {
            set.Add(named);
            return -1;
        }

        return ReadCharacterEscape();
    }
}
