using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Commands;

public sealed partial class UpTests
{
    // Every entry but the first has a mistake; the first would leave a mark if it were started.
    private const string TenMistakes = """
        {
          "mcpServers": {
            "fine": { "command": "touch", "args": [MARK], },
            "misspelt": { "comand": "npx", "url": "https://example.com/mcp" },
            "mistyped": { "command": "npx", "args": "-y some-server" },
            "empty": {},
            "both": { "command": "npx", "url": "https://example.com/mcp" },
            "bad-url": { "url": "example.com/mcp" },
            "unset": { "command": "npx", "env": { "TOKEN": "${NOT_SET_ANYWHERE}" } },
            "fine": { "command": "node" },
            "x": { "url": "https://example.com/mcp" }
          },
          "peregrine": {
            "callTimeoutSeconds": -5,
            "servers": {
              "misspelt": { "prefix": "no spaces" },
              "x": { "prefix": "fine" }
            }
          }
        }
        """;

    [Fact]
    public async Task Ten_mistakes_are_reported_at_once_with_place_and_remedy_and_nothing_starts()
    {
        using var folder = new TemporaryFolder();
        var mark = Path.Combine(folder.Folder, "started");
        var config = folder.Write("gateway.json", TenMistakes.Replace("MARK", JsonValue.Create(mark).ToJsonString(), StringComparison.Ordinal));
        var result = await StartedProgram.RunPeregrineAsync("up", "--config", config, "--urls", "http://127.0.0.1:0");

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.True(result.Elapsed < TimeSpan.FromSeconds(2), result.ToString());
        Assert.Empty(result.Output);
        Assert.False(File.Exists(mark));
        var lines = result.Error.Split('\n').Select(line => Place().Match(line)).Where(static match => match.Success).Select(static match => match.Groups["line"].Value);
        Assert.Equal(["4", "5", "6", "7", "8", "9", "10", "14", "16", "17"], lines);
        Assert.All(
            ["Did you mean \"command\"?", "Write an array of strings", "Add \"command\"", "Keep \"command\"", "https://example.com/mcp", "${NOT_SET_ANYWHERE:-value}", "Rename or remove", "Write a number above 0", "A-Z, a-z, 0-9", "Give one of them another"],
            remedy => Assert.Contains(remedy, result.Error, StringComparison.Ordinal));
        Assert.Contains("10 errors; nothing was started", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "1:1")]
    [InlineData("{ \"mcpServers\": { \"a\": { \"command\": \"x\" }", "1:42")]
    [InlineData("[]", "1:1")]
    [InlineData("{\n  \"mcpServers\": {\n    \"a\": { command: \"x\" }\n  }\n}", "3:")]
    public async Task A_file_that_is_no_json_is_named_with_the_place(string content, string place)
    {
        using var folder = new TemporaryFolder();
        var config = folder.Write("gateway.json", content);
        var result = await StartedProgram.RunPeregrineAsync("up", "--config", config);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"gateway.json:{place}", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("up")]
    [InlineData("serve")]
    public async Task A_port_in_use_is_exit_code_3_with_a_remedy(string command)
    {
        await using var first = await RunningGateway.StartPlainAsync("serve");
        var url = first.Address.GetLeftPart(UriPartial.Authority);
        var result = await StartedProgram.RunPeregrineAsync(command, "--urls", url);
        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains($"cannot listen on {url}", result.Error, StringComparison.Ordinal);
        Assert.Contains("address already in use", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("--urls", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Without_a_file_the_sample_server_is_behind_it_and_logs_go_to_standard_error()
    {
        await using var gateway = await RunningGateway.StartPlainAsync("up");
        Assert.Equal("hello", (string)(await gateway.CallAsync("echo", "{\"message\":\"hello\"}"))["result"]!["content"]![0]!["text"]!);
        Signals.Terminate(gateway.Program.Id);
        var result = await gateway.Program.WaitForEndAsync();
        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains("page at http://127.0.0.1:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_standard_input_and_output_it_ends_when_its_input_ends()
    {
        await using var gateway = StartedProgram.Start(Programs.Peregrine, "up", "--stdio");
        await gateway.WriteLineAsync("""{"jsonrpc":"2.0","id":"p","method":"ping"}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":"p","result":{}}""", await gateway.WaitForOutputLineAsync("\"p\""));
        gateway.CloseInput();
        var result = await gateway.WaitForEndAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Error);
    }

    [GeneratedRegex(@"gateway\.json:(?<line>\d+):\d+: \S")]
    private static partial Regex Place();
}
