namespace Peregrine.Server.Resources.Templates;

/// <summary>Reads the pairs of <c>{?x,y}</c>, <c>{&amp;x,y}</c> and <c>{;x,y}</c>. No state.</summary>
internal static class TemplateForm
{
    /// <summary>Adds what the pairs say.</summary>
    /// <returns>False where a pair is none of the form's, is there twice though it is no list, or is encoded wrongly.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> pairs, TemplatePart part, List<MatchedVariable> variables)
    {
        var between = part.First == (byte)';' ? (byte)';' : (byte)'&';
        var first = variables.Count;
        while (true)
        {
            var length = pairs.IndexOf(between);
            if (!TryReadPair(length < 0 ? pairs : pairs[..length], part, variables, first))
            {
                return false;
            }

            if (length < 0)
            {
                return true;
            }

            pairs = pairs[(length + 1)..];
        }
    }

    private static bool TryReadPair(ReadOnlySpan<byte> pair, TemplatePart part, List<MatchedVariable> variables, int first)
    {
        var equals = pair.IndexOf((byte)'=');
        if (!TemplateBytes.TryDecode(equals < 0 ? pair : pair[..equals], out var name) || !TemplateBytes.TryDecode(equals < 0 ? default : pair[(equals + 1)..], out var value))
        {
            return false;
        }

        var index = Array.FindIndex(part.Variables, variable => variable.Name == name);
        if (index < 0)
        {
            return false;
        }

        var known = variables.FindIndex(first, matched => matched.Variable.Name == name);
        if (known < 0)
        {
            variables.Add(new MatchedVariable(part.Variables[index], [value]));
            return true;
        }

        if (!part.Variables[index].IsList)
        {
            return false;
        }

        variables[known] = variables[known] with { Values = [.. variables[known].Values, value] };
        return true;
    }
}
