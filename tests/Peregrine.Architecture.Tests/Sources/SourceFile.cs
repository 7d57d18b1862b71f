using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Peregrine.Architecture.Tests.Sources;

/// <summary>One C# file: where it lies, its text, the namespaces and types it declares.</summary>
internal sealed class SourceFile
{
    public SourceFile(string path, string text)
    {
        Path = path;
        Lines = text.TrimEnd('\n').Split('\n');
        CompilationUnitSyntax unit = CSharpSyntaxTree.ParseText(text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview))
            .GetCompilationUnitRoot();
        Namespaces = [.. unit.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().Select(n => n.Name.ToString())];
        FileScoped = !unit.DescendantNodes().OfType<NamespaceDeclarationSyntax>().Any();
        MemberDeclarationSyntax[] types = [.. unit.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(m => m is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)];
        TypeNames = [.. types.Select(NameOf).Distinct(StringComparer.Ordinal)];
        PublicTopLevelTypes = [.. types
            .Where(t => t.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax && t.Modifiers.Any(SyntaxKind.PublicKeyword))
            .Select(NameOf).Distinct(StringComparer.Ordinal)];
    }

    public string Path { get; }

    public string[] Lines { get; }

    public string[] Namespaces { get; }

    public bool FileScoped { get; }

    public string[] TypeNames { get; }

    /// <summary>Simple names: `Result` and `Result&lt;T&gt;` are one idea and may share a file.</summary>
    public string[] PublicTopLevelTypes { get; }

    public static IEnumerable<SourceFile> Under(params string[] folders) =>
        RepositoryFiles.WithExtension(".cs", folders).Select(p => new SourceFile(p, RepositoryFiles.Read(p)));

    private static string NameOf(MemberDeclarationSyntax type) =>
        type is BaseTypeDeclarationSyntax t ? t.Identifier.Text : ((DelegateDeclarationSyntax)type).Identifier.Text;
}
