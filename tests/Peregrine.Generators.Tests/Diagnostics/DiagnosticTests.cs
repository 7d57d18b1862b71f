using Microsoft.CodeAnalysis;

namespace Peregrine.Generators.Tests.Diagnostics;

public sealed class DiagnosticTests
{
    /// <summary>The id, what the message must name, and the source; what it is about is between «».</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { "PRG001", "'value' of the tool method 'Run' has the type 'object'", Method("public string Run(object «value») => \"\";") },
        { "PRG001", "'object[]', which generated code cannot read: nothing is known of 'object'", Method("public string Run(object[] «value») => \"\";") },
        { "PRG001", "'Holder', which generated code cannot read: nothing is known of 'System.Version'", Method("public string Run(Holder «value») => \"\";") + " public record Holder(List<Version> Versions);" },
        { "PRG001", "'Two' has several constructors", Method("public string Run(Two «value») => \"\";") + " public class Two { public Two(int a) { } public Two(string b) { } }" },
        { "PRG001", "no property of 'Odd' goes with the parameter 'a'", Method("public string Run(Odd «value») => \"\";") + " public class Odd { public Odd(int a) { } }" },
        { "PRG001", "it is abstract", Method("public string Run(Odd «value») => \"\";") + " public abstract class Odd { public int A { get; set; } }" },
        { "PRG001", "'AttributeTargets'", Method("public string Run(AttributeTargets «value») => \"\";") },
        { "PRG001", "'nint'", Method("public string Run(nint «value») => \"\";") },
        { "PRG002", "'Run' returns 'object'", Method("public object «Run»() => 1;") },
        { "PRG002", "'Task<Version[]>'", Method("public Task<Version[]> «Run»() => null!;") },
        { "PRG002", "'IAsyncEnumerable<object>'", Method("public IAsyncEnumerable<object> «Run»() => null!;") },
        { "PRG002", "'Span<int>'", Method("public Span<int> «Run»() => default;") },
        { "PRG021", "'Run'", Method("public ValueTask «Run»(McpBatch<Order> calls) => default;") + " public record Order(int Id);" },
        { "PRG021", "'Run'", Method("[Batch] public ValueTask «Run»(McpBatch<int> calls) => default;") },
        { "PRG021", "'Run'", Method("[Batch] public void «Run»(McpBatch<Order> calls) { }") + " public record Order(int Id);" },
        { "PRG021", "'Run'", Method("[Batch] public ValueTask «Run»(McpBatch<Order> calls, int other) => default;") + " public record Order(int Id);" },
        { "PRG002", "'ref int'", Method("public ref int «Run»() => ref _i; private int _i;") },
        { "PRG003", "'Run' has type parameters", Method("public string «Run»<T>() => \"\";") },
        { "PRG004", "'Tools' is generic", "[McpTools] public class «Tools»<T> { [McpTool] public void Run() { } }" },
        { "PRG004", "'Tools'", "public class Outer<T> { [McpTools] public class «Tools» { [McpTool] public void Run() { } } }" },
        { "PRG005", "'Tools' is marked", "[McpTools] public struct «Tools» { [McpTool] public void Run() { } }" },
        { "PRG006", "'Tools'", "public class Outer { [McpTools] private class «Tools» { [McpTool] public void Run() { } } }" },
        { "PRG006", "'Tools'", "[McpTools] file class «Tools» { [McpTool] public void Run() { } }" },
        { "PRG006", "'Tools'", "file class Outer { [McpTools] public class «Tools» { [McpTool] public void Run() { } } }" },
        { "PRG007", "'value' of the tool method 'Run'", Method("public void Run(ref int «value») { }") },
        { "PRG007", "'value'", Method("public void Run(out int «value») { value = 1; }") },
        { "PRG007", "'value'", Method("public void Run(in int «value») { }") },
        { "PRG007", "'value'", Method("public unsafe void Run(int* «value») { }") },
        { "PRG007", "'value'", Method("public void Run(ReadOnlySpan<char> «value») { }") },
        { "PRG008", "'Run' has the name 'run'", Method("public void RunAsync() { } [McpTool] public void «Run»(int i) { }") },
        { "PRG009", "'Run' has the name 'a b'", "[McpTools] public class Tools { [McpTool(Name = \"a b\")] public void «Run»() { } }" },
        { "PRG009", "'Grüße'", Method("public void «Grüße»() { }") },
        { "PRG009", "''", "[McpTools] public class Tools { [McpTool(Name = \"\")] public void «Run»() { } }" },
        { "PRG010", "'Run'", Method("private void «Run»() { }") },
        { "PRG010", "'Run'", Method("protected void «Run»() { }") },
        { "PRG012", "two arguments the name 'value'", Method("public void «Run»(int Value, int value) { }") },
        { "PRG013", "[Range] has no effect on the parameter 'value'", Method("public void Run([Range(1, 2)] string «value») { }") },
        { "PRG013", "[StringLength]", Method("public void Run([StringLength(2)] int «value») { }") },
        { "PRG013", "[Range]", Method("public void Run([Range(typeof(DateTime), \"2020-01-01\", \"2021-01-01\")] DateTime «value») { }") },
        { "PRG014", "'Run' is not generated because its class 'Tools'", "public class Tools { [McpTool] public void «Run»() { } }" },
        { "PRG015", "'Tools'", "[McpTools] public class «Tools» { public void Run() { } }" },
        { "PRG017", "'value' of the tool method 'Run' cannot be mirrored in the header 'Mcp-Param-the region'", Method("public void Run([McpRequestHeader(\"the region\")] string «value») { }") },
        { "PRG017", "'Mcp-Param-'", Method("public void Run([McpRequestHeader(\"\")] string «value») { }") },
        { "PRG017", "'Mcp-Param-Ä'", Method("public void Run([McpRequestHeader(\"Ä\")] string «value») { }") },
        { "PRG017", "'Mcp-Param-A'", Method("public void Run([McpRequestHeader(\"A\")] double? «value») { }") },
        { "PRG017", "'Mcp-Param-A'", Method("public void Run([McpRequestHeader(\"A\")] System.Threading.CancellationToken «value») { }") },
        { "PRG017", "'second' of the tool method 'Run' cannot be mirrored in the header 'Mcp-Param-A'", Method("public void «Run»([McpRequestHeader(\"A\")] string first, [McpRequestHeader(\"a\")] int second) { }") },
        { "PRG014", "'Run' is not generated because its class 'Tools'", "public static class Tools { [McpPrompt] public static string «Run»() => \"\"; }" },
        { "PRG022", "'Run' uses 'McpServer' of another SDK in its signature, which means nothing to Peregrine; use 'McpCall' of Peregrine.Server.Tools", Method("public void Run(«ModelContextProtocol.Server.McpServer» server) { }") },
        { "PRG022", "'RequestContext<CallToolRequestParams>'", Method("public void Run(«ModelContextProtocol.Server.RequestContext<ModelContextProtocol.Protocol.CallToolRequestParams>» context) { }") },
        { "PRG022", "'CallToolResult'", Method("public «Task<ModelContextProtocol.Protocol.CallToolResult>» Run() => null!;") },
        { "PRG022", "'ContentBlock'", Method("public «IEnumerable<ModelContextProtocol.Protocol.ContentBlock>» Run() => null!;") },
        { "PRG022", "use plain types", Method("public void Run(«ModelContextProtocol.Protocol.Tool» tool) { }") },
        { "PRG023", "'Run' blocks its thread in 'Thread.Sleep'; await Task.Delay", Method("public void Run() { «Thread.Sleep(1)»; }") },
        { "PRG023", "'Task.Result'", Method("public int Run() => «Task.FromResult(1).Result»;") },
        { "PRG023", "'TaskAwaiter.GetResult'", Method("public void Run() { «Task.Delay(1).GetAwaiter().GetResult()»; }") },
        { "PRG024", "'Run' awaits 'Task.Delay(1)' ahead of its first question", Method("public async Task Run(McpCall call, McpForm form) { «await Task.Delay(1)»; await call.ElicitAsync(\"?\", form); }").Replace(", McpForm form", "", StringComparison.Ordinal).Replace(", form)", ", new McpFormBuilder().Build())", StringComparison.Ordinal) },
        { "PRG025", "it returns 'int'", Class("[McpPrompt] public int «Run»() => 1;") },
        { "PRG025", "its parameter 'list' cannot be read from a text", Class("[McpPrompt] public string «Run»(int[] list) => \"\";") },
        { "PRG026", "its address has no variable 'other'", Class("[McpResource(\"a://{id}\")] public string «Run»(string other) => \"\";") },
        { "PRG026", "it has no address", Class("[McpResource(\"\")] public string «Run»() => \"\";") },
        { "PRG026", "it returns 'object'", Class("[McpResource(\"a://b\")] public object «Run»() => \"\";") },
        { "PRG018", "TimeoutSeconds of the tool method 'Run' is -1; it must be more than 0 to 86400 seconds", Option("TimeoutSeconds = -1") },
        { "PRG018", "TimeoutSeconds of the tool method 'Run' is NaN", Option("TimeoutSeconds = double.NaN") },
        { "PRG018", "MaxConcurrency of the tool method 'Run' is 0; it must be 1 to 1000000", Option("MaxConcurrency = 0") },
        { "PRG018", "CacheSeconds of the tool method 'Run' is 2678401", Option("CacheSeconds = 2678401") },
        { "PRG019", "'Run' depends on itself: run -> other -> run", "[McpTools] public class Tools { [McpTool(Dependencies = [\"other\"])] public void «Run»() { } [McpTool(Dependencies = [\"run\"])] public void Other() { } }" },
        { "PRG019", "'Run' depends on itself: run -> run", Option("Dependencies = [\"run\"]") },
        { "PRG020", "'Run' names 'Find'", Option("Reconcile = \"Find\"") },
        { "PRG020", "'Run' names 'Find'", "[McpTools] public class Tools { [McpTool(Reconcile = nameof(Find))] public static void «Run»() { } public ValueTask<McpReconciliation> Find(string key, CancellationToken token) => default; }" },
        { "PRG020", "'Run' names 'Find'", "[McpTools] public class Tools { [McpTool(Reconcile = nameof(Find))] public void «Run»() { } public ValueTask Find(string key, CancellationToken token) => default; }" },
        { "PRG027", "'Run' says nothing of 'Money', because its converter decides", Method("public string Run(List<Money> «value») => \"\";") + Money },
        { "PRG027", "'Run' says nothing of 'Money'", Method("public Money «Run»() => null!;") + Money },
        { "PRG016", "'Run' is async", Method("public async void «Run»() => await Task.Yield();") },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fault_is_named_at_its_place(string id, string words, string source)
    {
        var start = source.IndexOf('«', StringComparison.Ordinal);
        var end = source.IndexOf('»', StringComparison.Ordinal) - 1;
        var found = Assert.Single(Generation.Diagnose(source.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal)));
        Assert.Equal(id, found.Id);
        Assert.Contains(words, found.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal((start, end), (found.Location.SourceSpan.Start, found.Location.SourceSpan.End));
    }

    [Fact]
    public void Every_diagnostic_has_a_case() =>
        Assert.Equal(Peregrine.Generators.Diagnostics.Descriptors.ById.Keys.Order(), Cases.Select(static row => row.Data.Item1).Distinct().Order());

    [Fact]
    public void One_faulty_tool_does_not_hide_the_others()
    {
        var driver = Generation.Driver().RunGenerators(Generation.Compile(
            "[McpTools] public class Tools { [McpTool] public void Bad(object o, ref int i) { } [McpTool] public object Worse<T>() => 1; [McpTool] public void Good() { } }"));
        var result = driver.GetRunResult();
        Assert.Equal(["PRG001", "PRG002", "PRG003", "PRG007"], result.Diagnostics.Select(static diagnostic => diagnostic.Id).Order());
        var generated = Assert.Single(result.GeneratedTrees).ToString();
        Assert.Contains("class GoodTool", generated, StringComparison.Ordinal);
        Assert.DoesNotContain("class BadTool", generated, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[McpTool(Blocking = true)] public void Run() { Thread.Sleep(1); }")]
    [InlineData("[McpTool] public Task Run() => Task.Run(() => Thread.Sleep(1));")]
    [InlineData("public void Run() { Thread.Sleep(1); } [McpTool] public void Other() { }")]
    [InlineData("[McpTool(Idempotent = true)] public async Task Run(McpCall call) { await Task.Delay(1); await call.ElicitAsync(\"?\", new McpFormBuilder().Build()); }")]
    [InlineData("[McpTool] public async Task Run(McpCall call) { await call.ElicitAsync(\"?\", new McpFormBuilder().Build()); await Task.Delay(1); }")]
    [InlineData("[McpTool] public async Task Run(McpCall call) { await call.OnceAsync(\"a\", async token => { await Task.Delay(1, token); return new ReadOnlyMemory<byte>(); }); await call.ElicitAsync(\"?\", new McpFormBuilder().Build()); }")]
    [InlineData("[McpTool] public async Task Run(McpCall call) { await Task.Delay(1); }")]
    public void What_is_meant_so_is_not_warned_of(string members) => Assert.Empty(Generation.Diagnose(Class(members)));

    [Fact]
    public void Interfaces_and_abstract_classes_need_no_mark() =>
        Assert.Empty(Generation.Diagnose("public interface ITools { [McpTool] void Run(); } public abstract class Tools { [McpTool] public void Run() { } }"));

    [Theory]
    [InlineData(DiagnosticSeverity.Warning, "PRG013", "PRG014", "PRG015", "PRG023", "PRG024")]
    [InlineData(DiagnosticSeverity.Info, "PRG027")]
    public void Only_what_changes_no_tool_is_less_than_an_error(DiagnosticSeverity severity, params string[] ids) =>
        Assert.Equal(ids, Peregrine.Generators.Diagnostics.Descriptors.ById.Values.Where(d => d.DefaultSeverity == severity).Select(static d => d.Id).Order());

    private const string Money = """
         [System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonConverter<Money>))] public class Money;
        [System.Text.Json.Serialization.JsonSerializable(typeof(Money))] public abstract class Context() : System.Text.Json.Serialization.JsonSerializerContext(null);
        """;

    private static string Option(string option) => $"[McpTools] public class Tools {{ [McpTool({option})] public void «Run»() {{ }} }}";

    private static string Class(string members) => $"[McpTools] public class Tools {{ {members} }}";

    private static string Method(string method) => $"[McpTools] public class Tools {{ [McpTool] {method} }}";
}
