using System.Buffers;
using System.Text;

namespace Peregrine.Server.Resources.Templates;

/// <summary>Compiles one URI template. For one thread, once.</summary>
internal sealed class TemplateCompiler(string text)
{
    /// <summary>The longest template taken, in characters.</summary>
    internal const int MaxLength = 2048;

    /// <summary>The most variables of one template.</summary>
    internal const int MaxVariables = 32;

    private const string Operators = "+#./;?&";

    private const string NotLiteral = "\"'<>\\^`|}\u007F";

    private readonly List<TemplatePart> _parts = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    internal TemplatePart[] Parts => [.. _parts];

    /// <summary>Fills <see cref="Parts"/>.</summary>
    /// <returns>What is wrong, in words, or null.</returns>
    internal string? Compile()
    {
        if (text.Length is 0 or > MaxLength)
        {
            return $"it has {text.Length} characters; 1 to {MaxLength} are allowed";
        }

        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            var literal = text[at..(open < 0 ? text.Length : open)];
            if ((AddLiteral(literal, at) ?? (open < 0 ? null : AddExpression(open, out at))) is { } fault)
            {
                return fault;
            }

            at = open < 0 ? text.Length : at;
        }

        return CheckFollowers();
    }

    private string? AddLiteral(string literal, int at)
    {
        for (var i = 0; i < literal.Length; i++)
        {
            if (literal[i] <= ' ' || NotLiteral.Contains(literal[i], StringComparison.Ordinal))
            {
                return $"the character at {at + i} may not stand in a URI";
            }
        }

        if (literal.Length > 0)
        {
            _parts.Add(new TemplatePart { Kind = TemplatePartKind.Literal, Text = Encoding.UTF8.GetBytes(literal) });
        }

        return null;
    }

    private string? AddExpression(int open, out int end)
    {
        var close = text.IndexOf('}', open);
        end = close + 1;
        if (close < 0)
        {
            return $"the brace at {open} is not closed";
        }

        var expression = text[(open + 1)..close];
        var symbol = expression.Length > 0 && Operators.Contains(expression[0], StringComparison.Ordinal) ? expression[0] : '\0';
        var names = expression[(symbol == '\0' ? 0 : 1)..].Split(',');
        foreach (var name in names)
        {
            if (CheckName(name, symbol, open) is { } fault)
            {
                return fault;
            }
        }

        if (_names.Count > MaxVariables)
        {
            return $"it has more than {MaxVariables} variables";
        }

        Add(symbol, names, close);
        return null;
    }

    private string? CheckName(string name, char symbol, int open)
    {
        var bare = name.TrimEnd('*');
        if (name.Contains(':', StringComparison.Ordinal))
        {
            return $"\"{name}\" asks for a part of a value, from which the value cannot be found again";
        }

        if (bare.Length == 0 || !HasOnlyNameCharacters(bare) || name.Length - bare.Length > 1)
        {
            return $"the expression at {open} must be a list of names: {{name}}, {{?name,other}}, {{/name*}}";
        }

        if (symbol is '+' or '#' && name.EndsWith('*'))
        {
            return $"\"{name}\" is a list whose elements may have commas, so that they cannot be told apart; leave the asterisk out";
        }

        return _names.Add(bare) ? null : $"the variable \"{bare}\" is there twice";
    }

    private void Add(char symbol, string[] names, int close)
    {
        switch (symbol)
        {
            case ';' or '?' or '&':
                AddForm((byte)symbol, names);
                break;
            case '/' or '.':
                var own = names.Length > 1 ? symbol.ToString() : "";
                foreach (var name in names)
                {
                    AddValue(name, symbol, TemplateBytes.Segment + (IsList(name) ? symbol : ""), IsList(name) ? "" : own, symbol, close);
                }

                break;
            default:
                var allowed = symbol == '\0' ? TemplateBytes.Segment : TemplateBytes.Reserved;
                for (var i = 0; i < names.Length; i++)
                {
                    // In {x} a comma ends the value, for it would be encoded there; in {+x} only where another value follows.
                    var comma = symbol == '\0' ? !IsList(names[i]) : names.Length > 1;
                    AddValue(names[i], i > 0 ? ',' : symbol == '#' ? '#' : '\0', allowed, comma ? "," : "", ',', close);
                }

                break;
        }
    }

    private void AddValue(string name, char lead, string allowed, string excluded, char separator, int close)
    {
        if (lead != '\0')
        {
            _parts.Add(new TemplatePart { Kind = TemplatePartKind.Lead, First = (byte)lead });
        }

        // What begins an optional part right behind ends the value.
        var follower = close + 2 < text.Length && text[close + 1] == '{' && Operators.Contains(text[close + 2], StringComparison.Ordinal) ? text[close + 2].ToString() : "";
        _parts.Add(new TemplatePart
        {
            Kind = TemplatePartKind.Value,
            Set = TemplateBytes.Set(allowed, excluded + follower),
            MayBeEmpty = lead != '\0',
            Variables = [new TemplateVariable(name.TrimEnd('*'), IsList(name) ? (byte)separator : (byte)0)],
        });
    }

    private void AddForm(byte symbol, string[] names)
    {
        TemplateVariable[] variables = [.. names.Select(name => new TemplateVariable(name.TrimEnd('*'), IsList(name) ? (byte)',' : (byte)0))];
        _parts.Add(new TemplatePart
        {
            Kind = TemplatePartKind.Form,
            First = symbol,
            Set = SearchValues.Create(symbol == (byte)';' ? "/?#"u8 : "#"u8),
            Variables = variables,
        });
    }

    // Two values side by side cannot be told apart, nor where a query ends.
    private string? CheckFollowers()
    {
        for (var i = 1; i < _parts.Count; i++)
        {
            var (before, part) = (_parts[i - 1], _parts[i]);
            if (before.Kind == TemplatePartKind.Value && part.Kind == TemplatePartKind.Value)
            {
                return $"nothing stands between \"{before.Variables[0].Name}\" and \"{part.Variables[0].Name}\", so that their values cannot be told apart";
            }

            var first = part.Kind == TemplatePartKind.Literal ? part.Text[0] : part.First;
            if (before.Kind == TemplatePartKind.Form && (part.Kind == TemplatePartKind.Value || !before.Set.Contains(first)))
            {
                return $"what follows the parameters \"{before.Variables[^1].Name}\" must begin with {(before.First == (byte)';' ? "\"/\", \"?\" or \"#\"" : "\"#\"; parameters belong into one list, as {?x,y}")}";
            }
        }

        return null;
    }

    private static bool HasOnlyNameCharacters(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '%'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsList(string name) => name.EndsWith('*');
}
