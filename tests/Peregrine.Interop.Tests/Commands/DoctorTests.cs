using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Counterparts;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Commands;

public sealed class DoctorTests(ListAndCallTests.SampleServer sample) : IClassFixture<ListAndCallTests.SampleServer>
{
    [Fact]
    public async Task Our_own_server_has_nothing()
    {
        var result = await RunAsync("doctor", "--json", sample.Url);
        Assert.True(result.ExitCode == 0, result.ToString());
        var report = JsonNode.Parse(result.Output)!;
        Assert.Equal((0, 0, 0), ((int)report["fail"]!, (int)report["warn"]!, (int)report["skip"]!));
        var checks = report["checks"]!.AsArray();
        Assert.True(checks.Count >= 40);
        Assert.Equal(checks.Count, checks.Select(static check => (string)check!["id"]!).Distinct().Count());
        Assert.All(checks, static check => Assert.StartsWith("20", (string)check!["section"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Our_own_server_over_stdio_has_nothing()
    {
        var result = await RunAsync("doctor", "--", Programs.Peregrine, "serve", "--stdio");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("0 fail, 0 warn", result.Error, StringComparison.Ordinal);
        Assert.Contains("pass\tstateless.listen\t", result.Output, StringComparison.Ordinal);
        Assert.Contains("pass\tsession.ping\t", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_keep_to_the_specification_is_told_where()
    {
        NpmPackages.Require();
        var port = FreePort.Find();
        await using var program = StartedProgram.Start("node", [NpmPackages.ServerEverything, "streamableHttp"], new Dictionary<string, string> { ["PORT"] = $"{port}" });
        await program.WaitForErrorLineAsync($"port {port}");
        var result = await RunAsync("doctor", "--json", $"http://127.0.0.1:{port}/mcp");
        Assert.True(result.ExitCode == 1, result.ToString());
        var verdicts = JsonNode.Parse(result.Output)!["checks"]!.AsArray().ToDictionary(static check => (string)check!["id"]!, static check => (string)check!["verdict"]!);

        // It speaks the session era only, and takes requests from any web page.
        Assert.Equal("skip", verdicts["stateless.discover"]);
        Assert.Equal("pass", verdicts["session.initialize"]);
        Assert.Equal("fail", verdicts["session.foreign-origin"]);
    }

    [Fact]
    public async Task What_is_no_server_is_not_reached()
    {
        var result = await RunAsync("doctor", $"http://127.0.0.1:{FreePort.Find()}/mcp");
        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.Contains("cannot reach", result.Error, StringComparison.Ordinal);
        var silent = await RunAsync("doctor", "--timeout", "2", "--", "cat");
        Assert.True(silent.ExitCode == 3, silent.ToString());
    }

    private static Task<CommandResult> RunAsync(params string[] words) => StartedProgram.RunPeregrineAsync(words);
}
