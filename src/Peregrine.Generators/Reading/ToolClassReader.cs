using Microsoft.CodeAnalysis;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads one class of tools into a model without symbols.</summary>
internal static class ToolClassReader
{
    internal static ToolClassResult Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var compilation = context.SemanticModel.Compilation;
        List<DiagnosticModel> diagnostics = [];
        if (FaultOf(type, compilation) is { } fault)
        {
            diagnostics.Add(DiagnosticModel.Create(fault, type.Locations.FirstOrDefault(), type.Name));
            return new ToolClassResult(null, new(diagnostics));
        }

        var candidates = ToolFinder.Find(type, KnownNames.ToolMarkOf).ToArray();
        var prompts = ToolFinder.Find(type, TextMethodReader.PromptMarkOf).ToArray();
        var resources = ToolFinder.Find(type, TextMethodReader.ResourceMarkOf).ToArray();
        if (candidates.Length + prompts.Length + resources.Length == 0)
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.NoTools, type.Locations.FirstOrDefault(), type.Name));
        }

        List<ToolModel> tools = [];
        List<DependencyEdge> edges = [];
        List<ForeignUse> foreign = [];
        var shapes = new ShapeReader(compilation, cancellationToken);
        foreach (var candidate in candidates)
        {
            if (ToolReader.Read(candidate, type, shapes, foreign, diagnostics) is not { } tool)
            {
                continue;
            }

            if (tools.Any(other => other.Name == tool.Name))
            {
                diagnostics.Add(DiagnosticModel.Create(Descriptors.DuplicateName, candidate.Location, candidate.Method.Name, tool.Name));
                continue;
            }

            var overloads = tools.Count(other => other.Method == tool.Method);
            if (tool.Dependencies.Count > 0)
            {
                edges.Add(new DependencyEdge(tool.Name, tool.Dependencies, DiagnosticModel.Create(Descriptors.DependencyCircle, candidate.Location, candidate.Method.Name)));
            }

            tools.Add(overloads == 0 ? tool : tool with { HandlerName = $"{tool.HandlerName}{overloads + 1}" });
        }

        List<TextMethodModel> texts = [];
        foreach (var (candidate, isPrompt) in prompts.Select(static prompt => (prompt, true)).Concat(resources.Select(static resource => (resource, false))))
        {
            if (TextMethodReader.Read(candidate, shapes, isPrompt, diagnostics) is { } text)
            {
                var overloads = texts.Count(other => other.Method == text.Method && other.HandlerName.StartsWith(text.HandlerName, StringComparison.Ordinal));
                texts.Add(overloads == 0 ? text : text with { HandlerName = $"{text.HandlerName}{overloads + 1}" });
            }
        }

        var (dependencies, cannotCreate) = ConstructorReader.Read(type, compilation);
        var model = new ToolClassModel(
            $"{type.ToDisplayString().Replace('<', '(').Replace('>', ')')}.g.cs", type.Name, type.ToDisplayString(KnownNames.FullName), cannotCreate, new(dependencies), new(tools), new(shapes.Composites), new(texts), type.IsStatic);
        return new ToolClassResult(model, new(diagnostics), new(edges), new(foreign));
    }

    private static DiagnosticDescriptor? FaultOf(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.TypeKind != TypeKind.Class)
        {
            return Descriptors.NotAClass;
        }

        var isFileLocal = false;
        for (var current = type; current is not null; current = current.ContainingType)
        {
            isFileLocal |= current.IsFileLocal;
            if (current.IsGenericType)
            {
                return Descriptors.GenericClass;
            }
        }

        return isFileLocal || !compilation.IsSymbolAccessibleWithin(type, compilation.Assembly) ? Descriptors.InaccessibleClass : null;
    }
}
