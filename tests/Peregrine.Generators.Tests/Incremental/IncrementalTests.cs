using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Peregrine.Generators.Clients;
using Peregrine.Generators.Tests.Diagnostics;

namespace Peregrine.Generators.Tests.Incremental;

public sealed class IncrementalTests
{
    private const string Tools = """
        namespace Weather;

        /// <summary>Tools.</summary>
        [McpTools]
        public sealed class Tools(TimeProvider time)
        {
            /// <summary>Current weather.</summary>
            [McpTool(ReadOnly = true, Dependencies = ["count"], CacheTags = ["city"])]
            public string Get([Length(1, 80)] string city, DayOfWeek day = DayOfWeek.Monday) => city + day + time;

            [McpPrompt]
            public string Ask(string city) => city;

            [McpTool]
            public string Look(Sky sky) => sky.ToString();

            [McpTool]
            public Report Read(Report report, Dictionary<string, Report[]> more, Version version) => report;

            [McpTool]
            public Task<int?> CountAsync(string? of, CancellationToken cancellationToken) => null!;

            [McpTool(Dependencies = ["self"])]
            public void Self() { }

            [McpTool]
            public void Faulty(object wrong) { }
        }

        public sealed record Report(string Title, Report? Next);

        [System.Text.Json.Serialization.JsonSerializable(typeof(Version))]
        public abstract class Context() : System.Text.Json.Serialization.JsonSerializerContext(null);

        public sealed class Unmarked
        {
            [McpTool]
            public void Run() { }
        }
        """;

    private const string Other = "namespace Other; public class Unrelated { public int Value => 1; public int Other; }";

    private const string Types = "namespace Weather; public enum Sky { Clear, Grey }";

    private static readonly string[] Steps =
    [
        ToolGenerator.ReadStep, ToolGenerator.ModelStep, ToolGenerator.DiagnosticStep, ToolGenerator.CircleStep, ToolGenerator.ContextStep, ToolGenerator.ResolveStep,
    ];

    [Fact]
    public void Edit_of_an_unrelated_file_runs_nothing_again()
    {
        var steps = StepsAfter(Other, Unrelated);

        Assert.All(steps, static step => Assert.NotEmpty(step.Value));
        foreach (var (name, reasons) in steps.Where(static step => step.Key != ToolGenerator.ReadStep))
        {
            Assert.All(reasons, reason => Assert.True(reason == IncrementalStepRunReason.Cached, $"{name}: {reason}"));
        }

        // See the next test: a step that looks at symbols is run for every compilation. What it read is what it read before, and nothing behind it runs.
        Assert.All(steps[ToolGenerator.ReadStep], static reason => Assert.Equal(IncrementalStepRunReason.Unchanged, reason));
    }

    [Fact]
    public void Reading_a_class_is_run_for_every_compilation_because_Roslyn_does_and_because_it_must()
    {
        // Roslyn does: a step that looks at nothing is run again as well, on classes that it has found without looking at the edited file's neighbours again.
        var compilation = Generation.Compile(Tools, Other, Types);
        var driver = Generation.Driver(new LooksAtNothing(), track: true).RunGenerators(compilation);
        var steps = driver.RunGenerators(Edit(compilation, Other, Unrelated)).GetRunResult().Results.Single().TrackedSteps;
        Assert.Equal([IncrementalStepRunReason.Unchanged], Reasons(steps[nameof(LooksAtNothing)]));

        // It must: what a parameter's type allows may stand in any file.
        var model = StepsAfter(Types, Types.Replace("Grey", "Cloudy", StringComparison.Ordinal))[ToolGenerator.ModelStep];
        Assert.Equal([IncrementalStepRunReason.Modified], model);
    }

    [Fact]
    public void A_typed_client_is_written_again_only_when_its_contract_changes()
    {
        var compilation = Generation.Compile(Other);
        var contract = new ContractText("""{"tools":[{"name":"echo","inputSchema":{"type":"object"}}]}""");
        var driver = Generation.Driver(new ClientGenerator(), track: true).AddAdditionalTexts([contract]).RunGenerators(compilation);

        var after = driver.RunGenerators(Edit(compilation, Other, Unrelated));
        Assert.Equal([IncrementalStepRunReason.Cached], OutputReasons(after));

        after = after.ReplaceAdditionalText(contract, new ContractText("""{"tools":[{"name":"add","inputSchema":{"type":"object"}}]}""")).RunGenerators(compilation);
        Assert.Equal([IncrementalStepRunReason.Modified], OutputReasons(after));
    }

    [Fact]
    public void Line_above_the_class_moves_diagnostics_and_writes_no_code_again()
    {
        var steps = StepsAfter(Tools, "// A line more.\n" + Tools);
        Assert.All(steps[ToolGenerator.ReadStep], static reason => Assert.Equal(IncrementalStepRunReason.Modified, reason));
        Assert.All(steps[ToolGenerator.ModelStep], static reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.All(steps[ToolGenerator.DiagnosticStep], static reason => Assert.Equal(IncrementalStepRunReason.Modified, reason));
    }

    [Fact]
    public void Edit_of_a_signature_is_seen()
    {
        var steps = StepsAfter(Tools, Tools.Replace("1, 80", "1, 81", StringComparison.Ordinal));
        Assert.Contains(IncrementalStepRunReason.Modified, steps[ToolGenerator.ModelStep]);
    }

    private static string Unrelated => Other.Replace("Value => 1", "Value => 2", StringComparison.Ordinal) + " public class Added;";

    /// <summary>The reasons of each step's outputs in a run after one file has changed.</summary>
    private static Dictionary<string, IncrementalStepRunReason[]> StepsAfter(string before, string after)
    {
        var compilation = Generation.Compile(Tools, Other, Types);
        var driver = Generation.Driver(track: true).RunGenerators(compilation).RunGenerators(Edit(compilation, before, after));
        var result = driver.GetRunResult().Results.Single();
        var steps = Steps.ToDictionary(static name => name, name => Reasons(result.TrackedSteps[name]));
        steps["SourceOutput"] = OutputReasons(driver);
        return steps;
    }

    private static Compilation Edit(Compilation compilation, string before, string after)
    {
        var edited = compilation.SyntaxTrees.Single(tree => tree.ToString() == before);
        return compilation.ReplaceSyntaxTree(edited, CSharpSyntaxTree.ParseText(after, Generation.Parsing, edited.FilePath));
    }

    private static IncrementalStepRunReason[] OutputReasons(GeneratorDriver driver) => Reasons(driver.GetRunResult().Results.Single().TrackedOutputSteps["SourceOutput"]);

    private static IncrementalStepRunReason[] Reasons(IEnumerable<IncrementalGeneratorRunStep> steps) =>
        [.. steps.SelectMany(static step => step.Outputs).Select(static output => output.Reason)];

    private sealed class LooksAtNothing : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context) =>
            context.RegisterSourceOutput(
                context.SyntaxProvider
                    .ForAttributeWithMetadataName("Peregrine.Server.Tools.McpToolsAttribute", static (_, _) => true, static (_, _) => 1)
                    .WithTrackingName(nameof(LooksAtNothing)),
                static (_, _) => { });
    }

    private sealed class ContractText(string text) : AdditionalText
    {
        public override string Path => "/source/weather.mcp.json";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
