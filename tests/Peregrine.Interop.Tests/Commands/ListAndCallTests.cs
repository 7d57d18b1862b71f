using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Commands;

public sealed class ListAndCallTests(ListAndCallTests.SampleServer sample) : IClassFixture<ListAndCallTests.SampleServer>
{
    [Fact]
    public async Task List_prints_a_tool_a_line_and_says_the_rest_on_standard_error()
    {
        var result = await RunAsync("list", sample.Url);
        Assert.Equal(0, result.ExitCode);
        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["echo", "add", "fibonacci", "sleep", "block", "fail", "stream", "generate"], lines.Select(static line => line.Split('\t')[0]));
        Assert.Contains("8 tools; peregrine-sample", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_as_json_is_one_document_of_definitions()
    {
        var result = await RunAsync("list", sample.Url, "--json");
        Assert.Equal(0, result.ExitCode);
        var tools = JsonNode.Parse(result.Output)!.AsArray();
        Assert.Equal(8, tools.Count);
        Assert.Equal("object", (string)tools[0]!["inputSchema"]!["type"]!);
    }

    [Fact]
    public async Task List_and_call_start_a_server_given_after_two_dashes()
    {
        var list = await RunAsync("list", "--", Programs.Peregrine, "serve", "--stdio", "--tools", "3");
        Assert.True(list.ExitCode == 0, list.ToString());
        Assert.Equal(11, list.Output.TrimEnd('\n').Split('\n').Length);
        var call = await RunAsync("call", "add", "a=2", "b=0.5", "--", Programs.Peregrine, "serve", "--stdio");
        Assert.Equal((0, "2.5\n"), (call.ExitCode, call.Output));
    }

    [Theory]
    [InlineData("hello\n", "echo", "message=hello")]
    [InlineData("17\n", "echo", "message=17")]
    [InlineData("a=b\n", "echo", "message=a=b")]
    [InlineData("{\"x\":1}\n", "echo", "message={\"x\":1}")]
    [InlineData("two words\n", "echo", "--args", "{\"message\":\"two words\"}")]
    [InlineData("5\n", "add", "a=2", "b=3")]
    public async Task Call_prints_what_the_tool_said(string expected, params string[] words)
    {
        var result = await RunAsync(["call", sample.Url, .. words]);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(expected, result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Call_as_json_prints_the_whole_result()
    {
        var result = await RunAsync("call", sample.Url, "echo", "message=hello", "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("hello", (string)JsonNode.Parse(result.Output)!["content"]![0]!["text"]!);
    }

    [Theory]
    [InlineData("This tool always fails.", "fail")]
    [InlineData("message", "echo")]
    [InlineData("n", "fibonacci", "n=93")]
    public async Task A_tool_that_fails_is_exit_code_1(string expected, params string[] words)
    {
        var result = await RunAsync(["call", sample.Url, .. words]);
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains(expected, result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_that_is_not_there_is_exit_code_1()
    {
        var result = await RunAsync("call", sample.Url, "nothing");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("Unknown tool: nothing", result.Error, StringComparison.Ordinal);
    }

    public sealed class SampleServer : IAsyncLifetime
    {
        private RunningGateway? _server;

        internal string Url => _server!.Endpoint.ToString();

        public async ValueTask InitializeAsync() => _server = await RunningGateway.StartPlainAsync("serve");

        public ValueTask DisposeAsync() => _server!.DisposeAsync();
    }

    private static Task<CommandResult> RunAsync(params string[] words) => StartedProgram.RunPeregrineAsync(words);
}
