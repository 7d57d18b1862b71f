using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Emitting;
using Peregrine.Generators.Models;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators;

/// <summary>Writes binder, schema and registration for each class marked <c>[McpTools]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ToolGenerator : IIncrementalGenerator
{
    /// <summary>The names of the pipeline's steps, for tests of what an edit re-runs.</summary>
    internal const string ReadStep = "ReadToolClass";
    internal const string ContextStep = "JsonContexts";
    internal const string ResolveStep = "ResolveForeignTypes";
    internal const string ModelStep = "ToolClassModel";
    internal const string DiagnosticStep = "ToolDiagnostics";
    internal const string CircleStep = "DependencyCircles";
    internal const string UnmarkedStep = "UnmarkedToolMethods";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var classes = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.ToolsAttribute, static (node, _) => node is TypeDeclarationSyntax, ToolClassReader.Read)
            .WithTrackingName(ReadStep);

        var contexts = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.SerializableAttribute, static (node, _) => node is ClassDeclarationSyntax, ForeignTypes.ReadContext)
            .Collect()
            .Select(static (found, _) => new EquatableArray<JsonContextModel>(found.SelectMany(static types => types)))
            .WithTrackingName(ContextStep);
        var resolved = classes.Combine(contexts).Select(static (pair, _) => ForeignTypes.Resolve(pair.Left, pair.Right)).WithTrackingName(ResolveStep);

        // Apart from each other: a diagnostic moves with every line above it, and that must not write the code again.
        var models = resolved.Select(static (result, _) => result.Model).Where(static model => model is not null).WithTrackingName(ModelStep);
        var diagnostics = resolved.SelectMany(static (result, _) => result.Diagnostics).WithTrackingName(DiagnosticStep);
        var unmarked = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.ToolAttribute, static (node, _) => node is MethodDeclarationSyntax, ReadUnmarked)
            .Where(static diagnostic => diagnostic is not null)
            .WithTrackingName(UnmarkedStep);

        var circles = classes.SelectMany(static (result, _) => result.Edges).Collect().SelectMany(DependencyCircles.Find).WithTrackingName(CircleStep);

        context.RegisterSourceOutput(circles, static (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
        context.RegisterSourceOutput(models, static (output, model) =>
            output.AddSource(model!.HintName, SourceText.From(ToolClassEmitter.Emit(model), Encoding.UTF8)));
        context.RegisterSourceOutput(diagnostics, static (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
        context.RegisterSourceOutput(unmarked, static (output, diagnostic) => output.ReportDiagnostic(diagnostic!.ToDiagnostic()));
    }

    // Interfaces and abstract classes hand their tools on to classes that are marked.
    private static DiagnosticModel? ReadUnmarked(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var type = context.TargetSymbol.ContainingType;
        cancellationToken.ThrowIfCancellationRequested();
        return type is { TypeKind: TypeKind.Class or TypeKind.Struct, IsAbstract: false } && KnownNames.FindAttribute(type, KnownNames.ToolsAttribute) is null
            ? DiagnosticModel.Create(Descriptors.UnmarkedClass, context.TargetSymbol.Locations.FirstOrDefault(), context.TargetSymbol.Name, type.Name)
            : null;
    }
}
