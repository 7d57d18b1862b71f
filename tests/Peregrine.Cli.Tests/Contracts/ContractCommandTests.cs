using System.Diagnostics;
using System.Text.Json;

namespace Peregrine.Cli.Tests.Contracts;

/// <summary>`peregrine pull` and `peregrine diff` as they are typed, with the sample server as target.</summary>
public sealed class ContractCommandTests : IDisposable
{
    private static readonly string[] Sample = ["dotnet", typeof(ExitCodes).Assembly.Location, "serve", "--stdio"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peregrine-contract-");

    [Fact]
    public async Task WhatWasPulledIsTheSameAsTheServer()
    {
        var pulled = await PullAsync();

        var (code, output, errors) = await RunAsync(["diff", pulled, "--", .. Sample]);

        Assert.Equal((0, "", "The contracts are the same.\n"), (code, output, errors));
        using var contract = JsonDocument.Parse(await File.ReadAllTextAsync(pulled));
        Assert.Contains(contract.RootElement.GetProperty("tools").EnumerateArray(), static tool => tool.GetProperty("name").GetString() == "echo");
    }

    [Fact]
    public async Task ABreakingChangeIsToldAndFails()
    {
        var pulled = await PullAsync();
        var changed = Path.Combine(_folder.FullName, "changed.mcp.json");
        await File.WriteAllTextAsync(changed, (await File.ReadAllTextAsync(pulled)).Replace("\"maximum\": 92", "\"maximum\": 50", StringComparison.Ordinal));

        var (code, output, errors) = await RunAsync(["diff", pulled, changed]);

        Assert.Equal((1, "1 change: breaking\n"), (code, errors));
        Assert.StartsWith("breaking\tfibonacci\tinput\tthe arguments: {\"n\":", output, StringComparison.Ordinal);
        Assert.Equal((0, "1 change: compatible\n"), await CodeAndErrorsAsync("diff", changed, pulled));
    }

    [Fact]
    public async Task TheJudgementIsJsonWhereThatIsWanted()
    {
        var pulled = await PullAsync();
        var changed = Path.Combine(_folder.FullName, "changed.mcp.json");
        await File.WriteAllTextAsync(changed, (await File.ReadAllTextAsync(pulled)).Replace("Returns the message.", "Returns it.", StringComparison.Ordinal));

        var (code, output, _) = await RunAsync(["diff", "--json", pulled, changed]);

        Assert.Equal(0, code);
        using var judgement = JsonDocument.Parse(output);
        Assert.Equal("review", judgement.RootElement.GetProperty("verdict").GetString());
        var change = Assert.Single(judgement.RootElement.GetProperty("changes").EnumerateArray());
        Assert.Equal(("echo", "description", "review"), (change.GetProperty("tool").GetString(), change.GetProperty("part").GetString(), change.GetProperty("verdict").GetString()));
        Assert.Equal(1, (await RunAsync(["diff", "--fail-on", "review", pulled, changed])).Code);
    }

    [Fact]
    public async Task TwoCommandsAreCompared()
    {
        var (code, output, _) = await RunAsync(["diff", "--", .. Sample, "--", .. Sample, "--tools", "1"]);

        Assert.Equal((0, "compatible\ttool_0001\ttool\tthe tool is new\n"), (code, output));
    }

    [Fact]
    public async Task WhatCannotBeReadOrReachedSaysSo()
    {
        var file = Path.Combine(_folder.FullName, "no.json");
        Assert.Equal(2, (await RunAsync(["diff", file, file])).Code);
        await File.WriteAllTextAsync(file, "{}");
        var (code, _, errors) = await RunAsync(["diff", file, file]);
        Assert.Equal(2, code);
        Assert.Contains("no contract", errors, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(["diff", file])).Code);
        Assert.Equal(2, (await RunAsync(["diff", "--fail-on", "nothing", file, file])).Code);
        Assert.Equal(3, (await RunAsync(["pull", "--timeout", "5", "--", "no-such-program-anywhere"])).Code);
        await File.WriteAllTextAsync(file, "[]");
        Assert.Equal(3, (await RunAsync(["diff", "--timeout", "5", file, "http://127.0.0.1:1/mcp"])).Code);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> PullAsync()
    {
        var (code, output, errors) = await RunAsync(["pull", "--", .. Sample]);
        Assert.True(code == 0, errors);
        var path = Path.Combine(_folder.FullName, "sample.mcp.json");
        await File.WriteAllTextAsync(path, output);
        return path;
    }

    private async Task<(int Code, string Errors)> CodeAndErrorsAsync(params string[] arguments)
    {
        var (code, _, errors) = await RunAsync(arguments);
        return (code, errors);
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments)
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
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await errors);
    }
}
