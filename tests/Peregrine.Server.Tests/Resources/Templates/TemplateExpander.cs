using System.Text;

namespace Peregrine.Server.Tests.Resources.Templates;

/// <summary>Expands URI templates as RFC 6570 says (levels 1 to 3 and lists), written for the tests alone: what the matcher is held against.</summary>
internal static class TemplateExpander
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string Reserved = ":/?#[]@!$&'()*+,;=";

    internal static string Expand(string template, IReadOnlyDictionary<string, string[]> values)
    {
        var result = new StringBuilder();
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] != '{')
            {
                result.Append(template[at]);
                continue;
            }

            var close = template.IndexOf('}', at);
            result.Append(ExpandExpression(template[(at + 1)..close], values));
            at = close;
        }

        return result.ToString();
    }

    private static string ExpandExpression(string expression, IReadOnlyDictionary<string, string[]> values)
    {
        var symbol = "+#./;?&".Contains(expression[0], StringComparison.Ordinal) ? expression[0] : '\0';
        var (first, separator, named, raw) = symbol switch
        {
            '+' => ("", ",", false, true),
            '#' => ("#", ",", false, true),
            '.' => (".", ".", false, false),
            '/' => ("/", "/", false, false),
            ';' => (";", ";", true, false),
            '?' => ("?", "&", true, false),
            '&' => ("&", "&", true, false),
            _ => ("", ",", false, false),
        };
        List<string> parts = [];
        foreach (var variable in expression[(symbol == '\0' ? 0 : 1)..].Split(','))
        {
            var name = variable.TrimEnd('*');
            if (values.TryGetValue(name, out var list))
            {
                parts.AddRange(list.Select(value => (named, value.Length, symbol) switch
                {
                    (false, _, _) => Encode(value, raw),
                    (true, 0, ';') => name,
                    _ => $"{name}={Encode(value, raw)}",
                }));
            }
        }

        return parts.Count == 0 ? "" : first + string.Join(separator, parts);
    }

    private static string Encode(string value, bool raw)
    {
        var result = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            if (b < 128 && (Unreserved.Contains((char)b, StringComparison.Ordinal) || (raw && Reserved.Contains((char)b, StringComparison.Ordinal))))
            {
                result.Append((char)b);
            }
            else
            {
                result.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return result.ToString();
    }
}
