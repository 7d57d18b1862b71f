using System.Diagnostics.CodeAnalysis;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Server.Resources.Templates;

/// <summary>
/// A URI template (RFC 6570, levels 1 to 3, and lists as <c>{x*}</c>), compiled for matching: which URI is an expansion of it, and of which values? Matching takes time in proportion
/// to the URI's length, whatever the URI is. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// RFC 6570 defines expansion only, and several values may expand to one URI. Here a value takes as much as it can; a variable outside a query that would be empty does not match;
/// a value ends before the character that begins an optional part right behind it (<c>{name}{.ext}</c>); pairs of a query may come in any order.
/// </remarks>
internal sealed class UriTemplate
{
    private readonly TemplatePart[] _parts;

    private UriTemplate(string text, TemplatePart[] parts)
    {
        Text = text;
        _parts = parts;
        List<string> variables = [];
        foreach (var part in parts)
        {
            foreach (var variable in part.Variables)
            {
                variables.Add(variable.Name);
            }
        }

        Variables = variables.ToArray();
    }

    /// <summary>The template as it was written.</summary>
    internal string Text { get; }

    /// <summary>The names of its variables.</summary>
    internal string[] Variables { get; }

    /// <summary>Compiles a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="template">The compiled form.</param>
    /// <param name="fault">What is wrong with the template, in words, where it cannot be matched.</param>
    internal static bool TryParse(string text, [NotNullWhen(true)] out UriTemplate? template, [NotNullWhen(false)] out string? fault)
    {
        var compiler = new TemplateCompiler(text);
        fault = compiler.Compile();
        template = fault is null ? new UriTemplate(text, compiler.Parts) : null;
        return fault is null;
    }

    /// <summary>Matches a URI.</summary>
    /// <param name="uri">The URI, UTF-8.</param>
    /// <param name="variables">What it says of the variables; those that it leaves out are not there.</param>
    internal bool TryMatch(ReadOnlySpan<byte> uri, [NotNullWhen(true)] out List<MatchedVariable>? variables)
    {
        variables = null;
        if (_parts.Length > 0 && _parts[0].Kind == TemplatePartKind.Literal && !uri.StartsWith(_parts[0].Text))
        {
            return false;
        }

        // For each part and place: can the parts from here match the rest? From the end to the start, so each answer is found in one step from those before.
        var width = uri.Length + 1;
        var rented = PooledArrays.Rent<bool>((_parts.Length + 1) * width);
        var can = rented.AsSpan(0, (_parts.Length + 1) * width);
        can.Clear();
        can[^1] = true;
        for (var p = _parts.Length - 1; p >= 0; p--)
        {
            Solve(_parts[p], uri, can.Slice(p * width, width), can.Slice((p + 1) * width, width), p + 2 <= _parts.Length ? can.Slice((p + 2) * width, width) : default);
        }

        var matches = can[0] && TryCollect(uri, can, width, out variables);
        PooledArrays.Return(rented);
        return matches;
    }

    private static void Solve(TemplatePart part, ReadOnlySpan<byte> uri, Span<bool> row, ReadOnlySpan<bool> next, ReadOnlySpan<bool> afterNext)
    {
        switch (part.Kind)
        {
            case TemplatePartKind.Literal:
                for (var i = 0; i + part.Text.Length <= uri.Length; i++)
                {
                    row[i] = next[i + part.Text.Length] && uri[i..].StartsWith(part.Text);
                }

                break;
            case TemplatePartKind.Lead:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = afterNext[i] || (i < uri.Length && uri[i] == part.First && next[i + 1]);
                }

                break;
            case TemplatePartKind.Value:
                SolveValue(part, uri, row, next);
                break;
            default:
                var end = uri.Length;
                for (var i = uri.Length; i >= 0; i--)
                {
                    row[i] = next[i] || (i < uri.Length && uri[i] == part.First && next[end]);
                    end = i < uri.Length && part.Set.Contains(uri[i]) ? i : end;
                }

                break;
        }
    }

    private static void SolveValue(TemplatePart part, ReadOnlySpan<byte> uri, Span<bool> row, ReadOnlySpan<bool> next)
    {
        for (var i = uri.Length; i >= 0; i--)
        {
            var step = TemplateBytes.Step(uri, i, part.Set);
            row[i] = next[i] || (step > 0 && row[i + step]);
        }

        if (!part.MayBeEmpty)
        {
            for (var i = 0; i < row.Length; i++)
            {
                // Each looks ahead only, at what is not yet overwritten.
                var step = TemplateBytes.Step(uri, i, part.Set);
                row[i] = step > 0 && row[i + step];
            }
        }
    }

    private bool TryCollect(ReadOnlySpan<byte> uri, ReadOnlySpan<bool> can, int width, out List<MatchedVariable> variables)
    {
        variables = [];
        var at = 0;
        for (var p = 0; p < _parts.Length; p++)
        {
            var part = _parts[p];
            var next = can.Slice((p + 1) * width, width);
            switch (part.Kind)
            {
                case TemplatePartKind.Literal:
                    at += part.Text.Length;
                    break;
                case TemplatePartKind.Lead when at < uri.Length && uri[at] == part.First && next[at + 1]:
                    at++;
                    break;
                case TemplatePartKind.Lead:
                    p++;
                    break;
                case TemplatePartKind.Value:
                    var end = EndOfValue(part, uri, next, at);
                    if (!TryAddValue(variables, part.Variables[0], uri[at..end]))
                    {
                        return false;
                    }

                    at = end;
                    break;
                default:
                    if (!TryReadForm(part, uri, next, ref at, variables))
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    private static int EndOfValue(TemplatePart part, ReadOnlySpan<byte> uri, ReadOnlySpan<bool> next, int start)
    {
        var end = start;
        var at = start;
        for (var step = 1; step > 0; at += step)
        {
            if (next[at] && (at > start || part.MayBeEmpty))
            {
                end = at;
            }

            step = TemplateBytes.Step(uri, at, part.Set);
        }

        return end;
    }

    private static bool TryAddValue(List<MatchedVariable> variables, TemplateVariable variable, ReadOnlySpan<byte> text)
    {
        List<string> values = [];
        while (true)
        {
            var separator = variable.IsList ? text.IndexOf(variable.Separator) : -1;
            if (!TemplateBytes.TryDecode(separator < 0 ? text : text[..separator], out var value))
            {
                return false;
            }

            values.Add(value);
            if (separator < 0)
            {
                variables.Add(new MatchedVariable(variable, [.. values]));
                return true;
            }

            text = text[(separator + 1)..];
        }
    }

    private static bool TryReadForm(TemplatePart part, ReadOnlySpan<byte> uri, ReadOnlySpan<bool> next, ref int at, List<MatchedVariable> variables)
    {
        if (at == uri.Length || uri[at] != part.First)
        {
            return true;
        }

        var length = uri[(at + 1)..].IndexOfAny(part.Set);
        var end = length < 0 ? uri.Length : at + 1 + length;
        if (!next[end])
        {
            // Only the rest of the template can take it, such as a literal that begins with the same character.
            return true;
        }

        var pairs = uri[(at + 1)..end];
        at = end;
        return TemplateForm.TryRead(pairs, part, variables);
    }
}
