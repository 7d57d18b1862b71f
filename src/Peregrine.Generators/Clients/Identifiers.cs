using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Peregrine.Generators.Clients;

/// <summary>Makes C# names of names on the wire.</summary>
internal static class Identifiers
{
    /// <summary>A name for a type, method or property: <c>get_weather</c> becomes <c>GetWeather</c>.</summary>
    internal static string Pascal(string name)
    {
        var text = new StringBuilder();
        var upper = true;
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c))
            {
                upper = true;
                continue;
            }

            text.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }

        return text.Length == 0 ? "Value" : char.IsDigit(text[0]) ? "N" + text : text.ToString();
    }

    /// <summary>A name for a parameter.</summary>
    internal static string Camel(string name)
    {
        var pascal = Pascal(name);
        var camel = char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        return SyntaxFacts.GetKeywordKind(camel) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(camel) != SyntaxKind.None ? "@" + camel : camel;
    }

    /// <summary>The name, with a number where it is taken.</summary>
    internal static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
        {
            unique = name + i;
        }

        return unique;
    }

    /// <summary>A C# literal.</summary>
    internal static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>Text for a documentation comment, on one line.</summary>
    internal static string Comment(string text) =>
        string.Join(" ", text.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
