using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
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

    [Fact]
    public void Edit_of_an_unrelated_file_runs_nothing_again()
    {
        var steps = StepsAfter(Other, Other.Replace("Value => 1", "Value => 2", StringComparison.Ordinal) + " public class Added;");
        Assert.NotEmpty(steps[ToolGenerator.ReadStep]);
        Assert.NotEmpty(steps[ToolGenerator.ModelStep]);
        Assert.NotEmpty(steps[ToolGenerator.DiagnosticStep]);
        Assert.NotEmpty(steps[ToolGenerator.CircleStep]);
        Assert.NotEmpty(steps[ToolGenerator.ContextStep]);
        Assert.NotEmpty(steps[ToolGenerator.ResolveStep]);
        Assert.All(steps.Values.SelectMany(static reasons => reasons), static reason =>
            Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, reason.ToString()));
        Assert.All(steps["SourceOutput"], static reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
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

    /// <summary>The reasons of each step's outputs in a run after one file has changed.</summary>
    private static Dictionary<string, IncrementalStepRunReason[]> StepsAfter(string before, string after)
    {
        var compilation = Generation.Compile(Tools, Other);
        var driver = Generation.Driver(track: true).RunGenerators(compilation);
        var edited = compilation.SyntaxTrees.Single(tree => tree.ToString() == before);
        driver = driver.RunGenerators(compilation.ReplaceSyntaxTree(edited, CSharpSyntaxTree.ParseText(after, Generation.Parsing, edited.FilePath)));
        var result = driver.GetRunResult().Results.Single();
        string[] names = [ToolGenerator.ReadStep, ToolGenerator.ModelStep, ToolGenerator.DiagnosticStep, ToolGenerator.CircleStep, ToolGenerator.ContextStep, ToolGenerator.ResolveStep];
        var steps = names.ToDictionary(static name => name, name => Reasons(result.TrackedSteps[name]));
        steps["SourceOutput"] = Reasons(result.TrackedOutputSteps["SourceOutput"]);
        return steps;
    }

    private static IncrementalStepRunReason[] Reasons(IEnumerable<IncrementalGeneratorRunStep> steps) =>
        [.. steps.SelectMany(static step => step.Outputs).Select(static output => output.Reason)];
}
