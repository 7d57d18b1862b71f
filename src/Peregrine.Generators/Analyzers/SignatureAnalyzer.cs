using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators.Analyzers;

/// <summary>Says what is wrong with methods of tools, prompts and resources where a code fix can mend it: editors offer fixes only for what an analyzer reports.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SignatureAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.UnmarkedClass, Descriptors.AsyncVoid, Descriptors.OfficialType];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.Method);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (KnownNames.MarkOf(method) is null)
        {
            return;
        }

        // Interfaces and abstract classes hand their tools on to classes that are marked.
        var type = method.ContainingType;
        if (type is { TypeKind: TypeKind.Class or TypeKind.Struct, IsAbstract: false } or { IsStatic: true } && KnownNames.ClassMarkOf(type) is null)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.UnmarkedClass, method.Locations.FirstOrDefault(), method.Name, type.Name));
        }

        if (method is { IsAsync: true, ReturnsVoid: true })
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.AsyncVoid, method.Locations.FirstOrDefault(), method.Name));
        }

        foreach (var parameter in method.Parameters)
        {
            Report(context, method, parameter.Type, (SyntaxOf(parameter, context.CancellationToken) as ParameterSyntax)?.Type);
        }

        Report(context, method, method.ReturnType, (SyntaxOf(method, context.CancellationToken) as MethodDeclarationSyntax)?.ReturnType);
    }

    private static SyntaxNode? SyntaxOf(ISymbol symbol, CancellationToken cancellationToken) => symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken);

    private static void Report(SymbolAnalysisContext context, IMethodSymbol method, ITypeSymbol type, TypeSyntax? place)
    {
        if (place is null || OfficialTypes.FindIn(type) is not { } official)
        {
            return;
        }

        var counterpart = OfficialTypes.CounterpartOf(official);
        var properties = counterpart is { } found
            ? ImmutableDictionary<string, string?>.Empty.Add("Official", official.Name).Add("Name", found.Name).Add("Namespace", found.Namespace)
            : ImmutableDictionary<string, string?>.Empty;
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.OfficialType, place.GetLocation(), properties, method.Name, official.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
            counterpart is { } other ? $"'{other.Name}' of {other.Namespace}" : "plain types, or a service in the class's constructor"));
    }
}
