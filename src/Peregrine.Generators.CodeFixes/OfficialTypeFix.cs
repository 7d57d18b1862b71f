using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Peregrine.Generators.CodeFixes;

/// <summary>PRG022: puts our counterpart in the place of a type of the official SDK. What the method's body does with it is left to its author.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class OfficialTypeFix() : SyntaxFix("PRG022")
{
    private protected override SyntaxChange? Replace(SyntaxNode node, Diagnostic diagnostic)
    {
        var isKnown = diagnostic.Properties.TryGetValue("Official", out var official) & diagnostic.Properties.TryGetValue("Name", out var name) & diagnostic.Properties.TryGetValue("Namespace", out var space);
        if (!isKnown)
        {
            return null;
        }

        // The whole name where it is written with its namespace, type arguments included.
        var found = node.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().FirstOrDefault(simple => simple.Identifier.ValueText == official);
        SyntaxNode? old = found;
        while (old?.Parent is QualifiedNameSyntax or AliasQualifiedNameSyntax)
        {
            old = old.Parent;
        }

        return old is null ? null : new SyntaxChange($"Take {name}", old, SyntaxFactory.IdentifierName(name!).WithTriviaFrom(old), space);
    }
}
