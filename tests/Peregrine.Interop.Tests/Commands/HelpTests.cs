using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Commands;

public sealed class HelpTests
{
    [Theory]
    [InlineData("up", "peregrine up --config servers.json")]
    [InlineData("serve", "peregrine serve --stdio")]
    [InlineData("list", "peregrine list http://127.0.0.1:8808/mcp")]
    [InlineData("call", "peregrine call http://127.0.0.1:8808/mcp echo message=hello")]
    [InlineData("read", "peregrine read http://127.0.0.1:8808/mcp sample://welcome")]
    [InlineData("prompt", "peregrine prompt http://127.0.0.1:8808/mcp explain topic=falcons")]
    [InlineData("doctor", "peregrine doctor --json -- npx")]
    public async Task Help_of_a_command_has_examples_and_is_a_result(string command, string example)
    {
        var result = await StartedProgram.RunPeregrineAsync(command, "--help");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("Examples:", result.Output, StringComparison.Ordinal);
        Assert.Contains(example, result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        var result = await StartedProgram.RunPeregrineAsync("--help");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.All(["up", "serve", "list", "call", "read", "prompt", "doctor"], command => Assert.Contains($"\n  {command} ", result.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("Examples:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_a_result()
    {
        var result = await StartedProgram.RunPeregrineAsync("--version");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.StartsWith("0.", result.Output, StringComparison.Ordinal);
    }
}
