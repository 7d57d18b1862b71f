using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Peregrine.Generators.Analyzers;
using Peregrine.Generators.CodeFixes;
using Peregrine.Generators.Tests.Diagnostics;

namespace Peregrine.Generators.Tests.Fixes;

public sealed class FixTests
{
    [Fact]
    public async Task Class_is_marked() =>
        Assert.Equal(
            "/// <summary>Tools.</summary>\n[McpTools]\npublic class Tools { [McpTool] public void Run() { } }",
            Plain(await FixAsync(new MarkClassFix(), "/// <summary>Tools.</summary>\npublic class Tools { [McpTool] public void Run() { } }")), ignoreLineEndingDifferences: true);

    [Fact]
    public async Task Asynchronous_method_returns_a_task() =>
        Assert.Contains("public async Task Run()", await FixAsync(new ReturnTaskFix(), "[McpTools] public class Tools { [McpTool] public async void Run() => await Task.Yield(); }"), StringComparison.Ordinal);

    [Theory]
    [InlineData("public void Run(ModelContextProtocol.Server.McpServer server) { }", "public void Run(McpCall server) { }")]
    [InlineData("public void Run(ModelContextProtocol.Server.RequestContext<ModelContextProtocol.Protocol.CallToolRequestParams> context) { }", "public void Run(McpCall context) { }")]
    [InlineData("public Task<IEnumerable<ModelContextProtocol.Protocol.ContentBlock>> Run() => null!;", "public Task<IEnumerable<McpContent>> Run() => null!;")]
    public async Task Counterpart_takes_the_place_of_an_official_type(string before, string after)
    {
        var code = await FixAsync(new OfficialTypeFix(), $"[McpTools] public class Tools {{ [McpTool] {before} }}");
        Assert.Contains(after, code, StringComparison.Ordinal);
        Assert.Empty(Generation.Diagnose(code));
    }

    private static string Plain(string code) => string.Join('\n', code.ReplaceLineEndings("\n").Split('\n').Where(static line => !line.StartsWith("using ", StringComparison.Ordinal) && line.Length > 0));

    private static async Task<string> FixAsync(CodeFixProvider fix, string source)
    {
        using var workspace = new AdhocWorkspace();
        var program = Generation.Compile(source);
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Subject", "Subject", LanguageNames.CSharp, compilationOptions: program.Options, parseOptions: Generation.Parsing, metadataReferences: program.References));
        foreach (var tree in program.SyntaxTrees)
        {
            project = project.AddDocument(tree.FilePath, await tree.GetTextAsync()).Project;
        }

        var document = project.Documents.Last();
        var compilation = (await project.GetCompilationAsync())!;
        var found = await compilation.WithAnalyzers([new SignatureAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        var diagnostic = Assert.Single(found, diagnostic => fix.FixableDiagnosticIds.Contains(diagnostic.Id));
        List<CodeAction> actions = [];
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        var operation = Assert.IsType<ApplyChangesOperation>(Assert.Single(await Assert.Single(actions).GetOperationsAsync(CancellationToken.None)));
        return (await operation.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
    }
}
