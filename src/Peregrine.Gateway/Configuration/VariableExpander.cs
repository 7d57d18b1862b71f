using System.Text;

namespace Peregrine.Gateway.Configuration;

/// <summary>
/// Replaces <c>${VAR}</c>, <c>${env:VAR}</c> and <c>${VAR:-default}</c> by environment variables; <c>$${</c> stands for a literal <c>${</c>.
/// </summary>
internal static class VariableExpander
{
    /// <summary>Expands <paramref name="text"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="environment">Gives a variable's value, or null where it is not set.</param>
    /// <param name="report">Gets what is wrong and the remedy, for each wrong variable.</param>
    internal static string Expand(string text, Func<string, string?> environment, Action<string, string> report)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        var position = 0;
        int start;
        while ((start = text.IndexOf("${", position, StringComparison.Ordinal)) >= 0)
        {
            if (start > position && text[start - 1] == '$')
            {
                result.Append(text, position, start - position).Append('{');
                position = start + 2;
                continue;
            }

            result.Append(text, position, start - position);
            var end = text.IndexOf('}', start);
            if (end < 0)
            {
                report("\"${\" is not closed.", "Close it with \"}\", or write \"$${\" for a literal \"${\".");
                return text;
            }

            result.Append(Resolve(text[(start + 2)..end], environment, report));
            position = end + 1;
        }

        return result.Append(text, position, text.Length - position).ToString();
    }

    private static string Resolve(string expression, Func<string, string?> environment, Action<string, string> report)
    {
        var name = expression;
        string? fallback = null;
        var divider = name.IndexOf(":-", StringComparison.Ordinal);
        if (divider >= 0)
        {
            fallback = name[(divider + 2)..];
            name = name[..divider];
        }

        if (name.StartsWith("env:", StringComparison.Ordinal))
        {
            name = name[4..];
        }

        if (!IsName(name))
        {
            // Without the default, which may stand for a secret.
            report($"\"${{{ConfigNode.Shorten(divider >= 0 ? expression[..divider] + ":-…" : expression)}}}\" is not a variable known here.",
                "Allowed are ${NAME}, ${env:NAME} and ${NAME:-default}; put what an editor would ask for or fill in (inputs, workspace folders) into an environment variable.");
            return "";
        }

        var value = environment(name);
        if (value is null && fallback is null)
        {
            report($"The environment variable {name} is not set.", $"Set {name} before starting the gateway, or give a default: ${{{name}:-value}}.");
        }

        // As in a shell, the default also stands in for a variable that is set but empty.
        return string.IsNullOrEmpty(value) ? fallback ?? "" : value;
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
