using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Peregrine.Generators.CodeFixes;

/// <summary>PRG016: has an asynchronous method return Task.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ReturnTaskFix() : SyntaxFix("PRG016")
{
    private protected override SyntaxChange? Replace(SyntaxNode node, Diagnostic diagnostic) =>
        node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method
            ? new SyntaxChange("Return Task", method.ReturnType, SyntaxFactory.IdentifierName("Task").WithTriviaFrom(method.ReturnType), "System.Threading.Tasks")
            : null;
}
