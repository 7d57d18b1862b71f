using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Commands;

public sealed class ReadAndPromptTests(ListAndCallTests.SampleServer sample) : IClassFixture<ListAndCallTests.SampleServer>
{
    [Fact]
    public async Task Read_prints_the_text_as_it_is()
    {
        var result = await RunAsync("read", sample.Url, "sample://fibonacci/7");
        Assert.Equal((0, """{"n":7,"value":13}"""), (result.ExitCode, result.Output.TrimEnd()));
        var json = await RunAsync("read", sample.Url, "sample://pixel", "--json");
        Assert.Equal("sample://pixel", (string)JsonNode.Parse(json.Output)!["contents"]![0]!["uri"]!);
    }

    [Fact]
    public async Task A_resource_that_is_not_there_is_exit_code_1()
    {
        var result = await RunAsync("read", sample.Url, "sample://nothing");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("error -32602", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_prints_a_message_a_line()
    {
        var result = await RunAsync("prompt", sample.Url, "hello");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("user: ", result.Output, StringComparison.Ordinal);
        var started = await RunAsync("prompt", "hello", "--json", "--", Programs.Peregrine, "serve", "--stdio");
        Assert.Equal("user", (string)JsonNode.Parse(started.Output)!["messages"]![0]!["role"]!);
    }

    [Fact]
    public async Task List_shows_everything()
    {
        var result = await RunAsync("list", "--all", sample.Url);
        Assert.Contains("8 tools, 2 resources, 1 template, 3 prompts", result.Error, StringComparison.Ordinal);
        Assert.Contains("sample://welcome\t", result.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse((await RunAsync("list", "--all", "--json", sample.Url)).Output)!;
        Assert.Equal([8, 2, 1, 3], new[] { "tools", "resources", "resourceTemplates", "prompts" }.Select(name => json[name]!.AsArray().Count));
    }

    [Theory]
    [InlineData("add: a takes a number; found \"x\"", "add", "a=x", "b=1")]
    [InlineData("sleep: ms takes an integer; found \"1.5\"", "sleep", "ms=1.5")]
    public async Task Values_that_the_schema_does_not_take_are_bad_usage(string expected, params string[] words)
    {
        var result = await RunAsync(["call", sample.Url, .. words]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    private static Task<CommandResult> RunAsync(params string[] words) => StartedProgram.RunPeregrineAsync(words);
}
