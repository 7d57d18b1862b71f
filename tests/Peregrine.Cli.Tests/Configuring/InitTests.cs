using System.Diagnostics;

namespace Peregrine.Cli.Tests.Configuring;

/// <summary>`peregrine init` as it is typed.</summary>
public sealed class InitTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peregrine-init-");

    [Fact]
    public async Task ShowsTheChangeAndWritesIt()
    {
        var (code, output, errors) = await RunAsync("init", "vscode", "--yes", "--", "npx", "-y", "@modelcontextprotocol/server-everything");

        Assert.Equal((0, "Written. VS Code (this project) reads it when it starts anew.\n"), (code, errors));
        Assert.Contains("+     \"server-everything\": {\n+       \"type\": \"stdio\",\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
        Assert.Equal(
            """
            {
              "servers": {
                "server-everything": {
                  "type": "stdio",
                  "command": "npx",
                  "args": ["-y", "@modelcontextprotocol/server-everything"]
                }
              }
            }

            """.ReplaceLineEndings("\n"),
            await File.ReadAllTextAsync(Path.Combine(_folder.FullName, ".vscode", "mcp.json")));
    }

    [Fact]
    public async Task AUrlIsEnteredUnderItsHostAndASecondTimeRefused()
    {
        Assert.Equal(0, (await RunAsync("init", "claude-code", "--yes", "http://127.0.0.1:8808/mcp")).Code);
        Assert.Contains("\"type\": \"http\",\n      \"url\": \"http://127.0.0.1:8808/mcp\"\n", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, ".mcp.json")), StringComparison.Ordinal);

        var (code, _, errors) = await RunAsync("init", "claude-code", "--yes", "http://127.0.0.1:8808/other");

        Assert.Equal(2, code);
        Assert.Contains("\"127.0.0.1\" already", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--print")]
    [InlineData(null)]
    public async Task WithoutConsentNothingIsWritten(string? option)
    {
        var (code, output, errors) = await RunAsync(["init", "cursor", .. option is null ? Array.Empty<string>() : [option], "--name", "w", "--", "weather"]);

        Assert.Equal(0, code);
        Assert.Contains("+     \"w\": {\n+       \"command\": \"weather\",\n+       \"args\": []\n", output, StringComparison.Ordinal);
        Assert.Contains("Nothing was written.", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, ".cursor", "mcp.json")));
    }

    [Theory]
    [InlineData("emacs", "none of claude, claude-code, vscode, cursor")]
    [InlineData("vscode", "name a server")]
    public async Task BadUsageSaysWhatToGive(string client, string expected)
    {
        var (code, _, errors) = await RunAsync("init", client);

        Assert.Equal(2, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatCannotBeWrittenIsSaidWithItsName()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "taken"), "");

        var (code, _, errors) = await RunAsync("init", "vscode", "--yes", "--file", "taken/mcp.json", "--", "weather");

        Assert.Equal(2, code);
        Assert.StartsWith($"peregrine: {Path.Combine(_folder.FullName, "taken", "mcp.json")}: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ExitCodes).Assembly.Location, .. arguments])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await errors);
    }
}
