using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Peregrine.Generators.CodeFixes;

/// <summary>PRG014: marks the class [McpTools].</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MarkClassFix() : SyntaxFix("PRG014")
{
    private protected override SyntaxChange? Replace(SyntaxNode node, Diagnostic diagnostic)
    {
        if (node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type)
        {
            return null;
        }

        var trivia = type.GetLeadingTrivia();
        var attribute = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(SyntaxFactory.ParseName("McpTools"))))
            .WithLeadingTrivia(trivia).WithTrailingTrivia(SyntaxFactory.ElasticLineFeed);
        var plain = type.WithLeadingTrivia(trivia.Where(static part => part.IsKind(SyntaxKind.WhitespaceTrivia)));
        return new SyntaxChange("Mark the class [McpTools]", type, plain.WithAttributeLists(plain.AttributeLists.Insert(0, attribute)), "Peregrine.Server.Tools");
    }
}
