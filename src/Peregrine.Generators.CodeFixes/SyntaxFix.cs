using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Peregrine.Generators.CodeFixes;

/// <summary>A fix that replaces the node to which a diagnostic belongs, and adds the using that the new one needs.</summary>
public abstract class SyntaxFix : CodeFixProvider
{
    private readonly string _id;

    private protected SyntaxFix(string id) => _id = id;

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds => [_id];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan) is { } node && Replace(node, diagnostic) is { } change)
            {
                context.RegisterCodeFix(CodeAction.Create(change.Title, _ => Task.FromResult(Apply(context.Document, root, change)), _id + change.Title), diagnostic);
            }
        }
    }

    /// <summary>What to replace, and by what; null where nothing can be done.</summary>
    private protected abstract SyntaxChange? Replace(SyntaxNode node, Diagnostic diagnostic);

    private static Document Apply(Document document, SyntaxNode root, SyntaxChange change)
    {
        var changed = root.ReplaceNode(change.Old, change.New);
        var isKnown = changed.DescendantNodes().OfType<UsingDirectiveSyntax>().Any(found => found.Name?.ToString() == change.Namespace);
        if (change.Namespace is not null && !isKnown && changed is CompilationUnitSyntax unit)
        {
            var directive = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(change.Namespace)).NormalizeWhitespace().WithTrailingTrivia(SyntaxFactory.ElasticLineFeed);
            changed = unit.AddUsings(directive);
        }

        return document.WithSyntaxRoot(changed);
    }
}
