using Microsoft.CodeAnalysis;

namespace Peregrine.Generators.CodeFixes;

/// <summary>A change of one node.</summary>
internal sealed class SyntaxChange(string title, SyntaxNode old, SyntaxNode replacement, string? space)
{
    internal string Title { get; } = title;

    internal SyntaxNode Old { get; } = old;

    internal SyntaxNode New { get; } = replacement;

    /// <summary>The namespace that must be in use; null for none.</summary>
    internal string? Namespace { get; } = space;
}
