using Peregrine.Interop.Tests.Counterparts;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Conformance.Tests.Suite;

/// <summary>The official conformance suite, from npm. Where it is not installed, tests are skipped and say so.</summary>
internal static class OfficialSuite
{
    private static readonly Version Needs = new(22, 0);
    private static readonly NpmFolder Installed = new("Peregrine.Conformance.Tests");

    internal static string Folder => Installed.PathOf("@modelcontextprotocol", "conformance");

    /// <summary>True where it can run.</summary>
    internal static bool CanRun { get; } = Installed.IsInstalled && Installed.FindNode(Needs) is not null;

    /// <summary>Skips the test where it cannot run.</summary>
    /// <returns>The Node to run it on.</returns>
    internal static string Require() => Installed.RequireNode(Needs);

    /// <summary>Runs all scenarios of a revision, one after the other, on that revision's wire.</summary>
    internal static async Task<SuiteRun> RunAsync(Uri endpoint, string revision)
    {
        using var folder = new TemporaryFolder();
        string[] selection = ScenarioLists.HasRequirements(revision) ? ["--requirements", revision] : ["--suite", "all", "--spec-version", revision];
        string[] arguments = [Path.Combine(Folder, "dist", "index.js"), "server", "--url", endpoint.ToString(), "--output-dir", folder.Folder, .. selection];
        var result = await StartedProgram.RunAsync(Require(), arguments);
        return await SuiteRun.ReadAsync(result, folder.Folder);
    }

    /// <summary>Runs one scenario of a revision against a client. One at a time: side by side they fail for want of processor time.</summary>
    /// <returns>What was found, and how the suite itself judged.</returns>
    internal static async Task<(ScenarioOutcome Outcome, CommandResult Command)> RunClientAsync(string client, string scenario, string revision)
    {
        using var folder = new TemporaryFolder();
        string[] arguments =
            [Path.Combine(Folder, "dist", "index.js"), "client", "--command", client, "--scenario", scenario, "--spec-version", revision, "--output-dir", folder.Folder];
        var result = await StartedProgram.RunAsync(Require(), arguments);
        var checks = Directory.EnumerateFiles(folder.Folder, "checks.json", SearchOption.AllDirectories).ToArray();
        Assert.True(checks.Length == 1, result.ToString());
        return (ScenarioOutcome.Read(await File.ReadAllBytesAsync(checks[0])), result);
    }
}
