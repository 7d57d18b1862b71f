using System.Text;

namespace Peregrine.Generators.Reading;

/// <summary>Names in MCP and JSON, made from names in C#.</summary>
internal static class Naming
{
    private const int MaxToolNameLength = 128;

    /// <summary>A tool's name by default: the method's in snake_case, without a final "Async".</summary>
    internal static string ToToolName(string method)
    {
        var name = method.Length > 5 && method.EndsWith("Async", StringComparison.Ordinal) ? method.Substring(0, method.Length - 5) : method;
        var result = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(name[i]) && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord)
            {
                result.Append('_');
            }

            result.Append(char.ToLowerInvariant(name[i]));
        }

        return result.ToString();
    }

    internal static bool IsValidToolName(string name) =>
        name.Length is > 0 and <= MaxToolNameLength
        && name.All(static c => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '.');

    /// <summary>An argument's name: camelCase by the rules of <c>JsonNamingPolicy.CamelCase</c>, so that "IOMode" becomes "ioMode".</summary>
    internal static string ToArgumentName(string parameter)
    {
        var name = parameter.ToCharArray();
        for (var i = 0; i < name.Length && (i != 1 || char.IsUpper(name[i])); i++)
        {
            if (i > 0 && i + 1 < name.Length && !char.IsUpper(name[i + 1]))
            {
                break;
            }

            name[i] = char.ToLowerInvariant(name[i]);
        }

        return new string(name);
    }
}
