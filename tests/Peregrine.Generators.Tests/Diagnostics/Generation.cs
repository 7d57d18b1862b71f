using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Peregrine.Generators.Analyzers;
using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Diagnostics;

/// <summary>Runs the generator over source text, in a program as strict as those of users.</summary>
internal static class Generation
{
    internal static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.None);

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.ComponentModel;
        global using System.ComponentModel.DataAnnotations;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Peregrine.Server.Content;
        global using Peregrine.Server.Interaction.Forms;
        global using Peregrine.Server.Prompts;
        global using Peregrine.Server.Resources;
        global using Peregrine.Server.Tools;
        """;

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(typeof(McpToolAttribute).Assembly.Location)
            .Distinct()
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    internal static CSharpCompilation Compile(params string[] sources) =>
        CSharpCompilation.Create(
            "Subject",
            sources.Prepend(Usings).Select(static (source, i) => CSharpSyntaxTree.ParseText(source, Parsing, $"/source/{i}.cs")),
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true, warningLevel: 9999));

    internal static GeneratorDriver Driver(bool track = false) => Driver(new ToolGenerator(), track);

    internal static GeneratorDriver Driver(IIncrementalGenerator generator, bool track) =>
        CSharpGeneratorDriver.Create(
            [generator.AsSourceGenerator()], parseOptions: Parsing, driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: track));

    /// <summary>What generator and analyzers say of <paramref name="source"/>.</summary>
    internal static ImmutableArray<Diagnostic> Diagnose(string source) => Run(Compile(source)).Diagnostics;

    /// <summary>A program with what the generator adds to it, and what generator and analyzers say.</summary>
    internal static (Compilation Program, ImmutableArray<Diagnostic> Diagnostics) Run(Compilation program)
    {
        _ = Driver().RunGeneratorsAndUpdateCompilation(program, out var complete, out var diagnostics);
        var found = complete.WithAnalyzers([new SignatureAnalyzer(), new BlockingCallAnalyzer(), new QuestionOrderAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return (complete, diagnostics.AddRange(found));
    }

    /// <summary>The generated files, after the whole program has compiled without a warning.</summary>
    internal static IReadOnlyList<string> Generate(params string[] sources)
    {
        var driver = Driver().RunGeneratorsAndUpdateCompilation(Compile(sources), out var compilation, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.Empty(compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        return [.. driver.GetRunResult().GeneratedTrees.Select(static tree => tree.ToString())];
    }

    /// <summary>The description of the only tool in the generated file: as it stands in the code, unquoted.</summary>
    internal static string? Description(string generated)
    {
        var assigned = CSharpSyntaxTree.ParseText(generated, Parsing).GetRoot().DescendantNodes()
            .OfType<AssignmentExpressionSyntax>()
            .FirstOrDefault(static assignment => assignment.Left.ToString() == "Description");
        return (assigned?.Right as LiteralExpressionSyntax)?.Token.ValueText;
    }
}
