using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Peregrine.Generators.Emitting;
using Peregrine.Generators.Models;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators;

/// <summary>Writes binder, schema and registration for each class marked <c>[McpTools]</c>, or as the official SDK marks them.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ToolGenerator : IIncrementalGenerator
{
    /// <summary>The names of the pipeline's steps, for tests of what an edit re-runs. The classes are read ahead of them, in Roslyn's own step, which is run for every compilation.</summary>
    internal const string ContextStep = "JsonContexts";
    internal const string ResolveStep = "ResolveForeignTypes";
    internal const string ModelStep = "ToolClassModel";
    internal const string DiagnosticStep = "ToolDiagnostics";
    internal const string CircleStep = "DependencyCircles";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var contexts = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.SerializableAttribute, static (node, _) => node is ClassDeclarationSyntax, ForeignTypes.ReadContext)
            .Collect()
            .Select(static (found, _) => new EquatableArray<JsonContextModel>(found.SelectMany(static types => types)))
            .WithTrackingName(ContextStep);
        foreach (var mark in KnownNames.ClassMarks)
        {
            Register(context, mark, contexts);
        }
    }

    private static void Register(IncrementalGeneratorInitializationContext context, string mark, IncrementalValueProvider<EquatableArray<JsonContextModel>> contexts)
    {
        // A class with several marks is taken by the first.
        var classes = context.SyntaxProvider
            .ForAttributeWithMetadataName(mark, static (node, _) => node is TypeDeclarationSyntax, (found, cancellationToken) =>
                KnownNames.ClassMarkOf((ITypeSymbol)found.TargetSymbol) == mark ? ToolClassReader.Read(found, cancellationToken) : new ToolClassResult(null, default));
        var resolved = classes.Combine(contexts).Select(static (pair, _) => ForeignTypes.Resolve(pair.Left, pair.Right)).WithTrackingName(ResolveStep);

        // Apart from each other: a diagnostic moves with every line above it, and that must not write the code again.
        var models = resolved.Select(static (result, _) => result.Model).Where(static model => model is not null).WithTrackingName(ModelStep);
        var diagnostics = resolved.SelectMany(static (result, _) => result.Diagnostics).WithTrackingName(DiagnosticStep);
        var circles = classes.SelectMany(static (result, _) => result.Edges).Collect().SelectMany(DependencyCircles.Find).WithTrackingName(CircleStep);

        context.RegisterSourceOutput(models, static (output, model) =>
            output.AddSource(model!.HintName, SourceText.From(ToolClassEmitter.Emit(model), Encoding.UTF8)));
        context.RegisterSourceOutput(circles, static (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
        context.RegisterSourceOutput(diagnostics, static (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
    }
}
