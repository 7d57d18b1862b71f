using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Peregrine.Generators.Reading;

/// <summary>The documentation comment of one declaration.</summary>
internal sealed class XmlComments
{
    private static readonly Regex WhiteSpace = new(@"\s+", RegexOptions.CultureInvariant);

    private readonly XElement? _root;

    private XmlComments(XElement? root) => _root = root;

    internal string? Summary => Text(_root?.Element("summary"));

    /// <summary>
    /// Reads the comment in front of a declaration from its trivia: the compiler gives documentation only where a documentation file is built.
    /// What is not well-formed counts as absent.
    /// </summary>
    internal static XmlComments Of(ISymbol symbol, CancellationToken cancellationToken)
    {
        foreach (var reference in symbol.DeclaringSyntaxReferences)
        {
            var text = CommentText(reference.GetSyntax(cancellationToken));
            if (text.Length == 0)
            {
                continue;
            }

            try
            {
                return new XmlComments(XElement.Parse($"<doc>{text}</doc>"));
            }
            catch (XmlException)
            {
                return new XmlComments(null);
            }
        }

        return new XmlComments(null);
    }

    internal string? Parameter(string name) =>
        Text(_root?.Elements("param").FirstOrDefault(element => (string?)element.Attribute("name") == name));

    private static string CommentText(SyntaxNode declaration)
    {
        var result = new StringBuilder();
        foreach (var trivia in declaration.GetLeadingTrivia())
        {
            var isComment = trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
                || trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia);
            if (isComment)
            {
                AppendLines(result, trivia.ToFullString().Trim());
            }
        }

        return result.ToString();
    }

    private static void AppendLines(StringBuilder result, string comment)
    {
        var isBlock = comment.StartsWith("/**", StringComparison.Ordinal);
        if (isBlock && comment.Length >= 5)
        {
            comment = comment.Substring(3, comment.Length - 5);
        }

        foreach (var line in comment.Split('\n'))
        {
            var text = line.Trim();
            if (isBlock)
            {
                result.Append(text.TrimStart('*')).Append('\n');
            }
            else if (text.StartsWith("///", StringComparison.Ordinal))
            {
                result.Append(text.Substring(3)).Append('\n');
            }
        }
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
        {
            return null;
        }

        var result = new StringBuilder();
        Append(result, element);
        var lines = result.ToString().Split('\n').Select(static line => WhiteSpace.Replace(line, " ").Trim()).Where(static line => line.Length > 0);
        var text = string.Join("\n", lines);
        return text.Length == 0 ? null : text;
    }

    // A line feed stands for a paragraph; those of the source are white space.
    private static void Append(StringBuilder result, XElement element)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText text)
            {
                result.Append(WhiteSpace.Replace(text.Value, " "));
            }
            else if (node is XElement child)
            {
                AppendElement(result, child);
            }
        }
    }

    private static void AppendElement(StringBuilder result, XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "para" or "item" or "code" or "list":
                result.Append('\n');
                Append(result, element);
                result.Append('\n');
                break;
            case "br":
                result.Append('\n');
                break;
            case "see" or "seealso" or "paramref" or "typeparamref" when element.IsEmpty:
                var reference = (string?)element.Attribute("langword") ?? (string?)element.Attribute("name") ?? (string?)element.Attribute("href");
                result.Append(reference ?? LastPart((string?)element.Attribute("cref") ?? ""));
                break;
            default:
                Append(result, element);
                break;
        }
    }

    private static string LastPart(string reference)
    {
        var parameters = reference.IndexOf('(');
        var name = parameters < 0 ? reference : reference.Substring(0, parameters);
        return name.Substring(name.LastIndexOfAny(['.', ':']) + 1);
    }
}
