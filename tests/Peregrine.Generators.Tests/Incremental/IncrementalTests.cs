using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Clients;
using Peregrine.Generators.Tests.Clients;
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

    // Roslyn's own step, in which classes are found and read: it is ours only by what it calls.
    private const string RoslynStep = "result_ForAttributeWithMetadataName";

    private static readonly string[] Steps =
        [ToolGenerator.ContextStep, ToolGenerator.ResolveStep, ToolGenerator.ModelStep, ToolGenerator.DiagnosticStep, ToolGenerator.CircleStep];

    [Fact]
    public void Edit_of_an_unrelated_file_leaves_every_step_cached()
    {
        var result = ResultAfter(Other, Unrelated);

        // See the next test: what Roslyn runs for every compilation has read what it read before.
        Assert.All(Reasons(result.TrackedSteps[RoslynStep]), static reason => Assert.Equal(IncrementalStepRunReason.Unchanged, reason));

        foreach (var step in Steps)
        {
            Assert.NotEmpty(result.TrackedSteps[step]);
            Assert.All(Reasons(result.TrackedSteps[step]), reason => Assert.True(reason == IncrementalStepRunReason.Cached, $"{step}: {reason}"));
        }

        // And those without a name, from there to the code: whatever another step of the pipeline is added.
        var behind = Behind(result.TrackedOutputSteps.Values.SelectMany(static steps => steps));
        Assert.True(behind.Count > Steps.Length);
        Assert.All(behind, static step => Assert.All(step.Outputs, output => Assert.True(output.Reason == IncrementalStepRunReason.Cached, $"{step.Name}: {output.Reason}")));
    }

    [Fact]
    public void Classes_are_read_for_every_compilation_because_Roslyn_does_and_because_it_must()
    {
        // Roslyn does: what looks at nothing is run again as well, on classes that it has found without looking at the edited file's neighbours again.
        var compilation = Generation.Compile(Tools, Other, Types);
        var driver = Generation.Driver(new LooksAtNothing(), track: true).RunGenerators(compilation);
        var steps = driver.RunGenerators(Edit(compilation, Other, Unrelated)).GetRunResult().Results.Single().TrackedSteps;
        Assert.Equal([IncrementalStepRunReason.Unchanged], Reasons(steps[RoslynStep]));

        // It must: what a parameter's type allows may stand in any file.
        var edited = ResultAfter(Types, Types.Replace("Grey", "Cloudy", StringComparison.Ordinal));
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(edited.TrackedSteps[ToolGenerator.ModelStep]));
    }

    [Fact]
    public void A_typed_client_is_written_again_only_when_its_contract_changes()
    {
        var compilation = Generation.Compile(Other);
        var contract = new ContractText("/source/weather.mcp.json", """{"tools":[{"name":"echo","inputSchema":{"type":"object"}}]}""");
        var driver = Generation.Driver(new ClientGenerator(), track: true).AddAdditionalTexts([contract]).RunGenerators(compilation);

        var after = driver.RunGenerators(Edit(compilation, Other, Unrelated));
        Assert.Equal([IncrementalStepRunReason.Cached], OutputReasons(after));

        after = after.ReplaceAdditionalText(contract, new ContractText("/source/weather.mcp.json", """{"tools":[{"name":"add","inputSchema":{"type":"object"}}]}""")).RunGenerators(compilation);
        Assert.Equal([IncrementalStepRunReason.Modified], OutputReasons(after));
    }

    [Fact]
    public void Line_above_the_class_moves_diagnostics_and_writes_no_code_again()
    {
        var steps = ResultAfter(Tools, "// A line more.\n" + Tools).TrackedSteps;
        Assert.All(Reasons(steps[ToolGenerator.ResolveStep]), static reason => Assert.Equal(IncrementalStepRunReason.Modified, reason));
        Assert.All(Reasons(steps[ToolGenerator.ModelStep]), static reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.All(Reasons(steps[ToolGenerator.DiagnosticStep]), static reason => Assert.Equal(IncrementalStepRunReason.Modified, reason));
    }

    [Fact]
    public void Edit_of_a_signature_is_seen()
    {
        var steps = ResultAfter(Tools, Tools.Replace("1, 80", "1, 81", StringComparison.Ordinal)).TrackedSteps;
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(steps[ToolGenerator.ModelStep]));
    }

    private static string Unrelated => Other.Replace("Value => 1", "Value => 2", StringComparison.Ordinal) + " public class Added;";

    /// <summary>What a second run has to say, after one file has changed.</summary>
    private static GeneratorRunResult ResultAfter(string before, string after)
    {
        var compilation = Generation.Compile(Tools, Other, Types);
        return Generation.Driver(track: true).RunGenerators(compilation).RunGenerators(Edit(compilation, before, after)).GetRunResult().Results.Single();
    }

    /// <summary>The steps from the outputs back to Roslyn's, which is not among them.</summary>
    private static HashSet<IncrementalGeneratorRunStep> Behind(IEnumerable<IncrementalGeneratorRunStep> outputs)
    {
        HashSet<IncrementalGeneratorRunStep> found = [];
        Stack<IncrementalGeneratorRunStep> left = new(outputs);
        while (left.TryPop(out var step))
        {
            if (step.Name != RoslynStep && found.Add(step))
            {
                foreach (var (source, _) in step.Inputs)
                {
                    left.Push(source);
                }
            }
        }

        return found;
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
                    .ForAttributeWithMetadataName("Peregrine.Server.Tools.McpToolsAttribute", static (_, _) => true, static (_, _) => 1),
                static (_, _) => { });
    }
}
