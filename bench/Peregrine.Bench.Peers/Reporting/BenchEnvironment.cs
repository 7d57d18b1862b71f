using System.Runtime.InteropServices;
using System.Text.Json;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Rows;
using Peregrine.Bench.Peers.Targets;

namespace Peregrine.Bench.Peers.Reporting;

/// <summary>What a figure depends on, beside the code.</summary>
internal sealed record BenchEnvironment(
    DateTimeOffset Date,
    string Processor,
    int Processors,
    long MemoryBytes,
    string OperatingSystem,
    string Runtime,
    string Placement,
    string LoadAverageBefore,
    IReadOnlyDictionary<string, string> Versions,
    string Command)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static BenchEnvironment Collect(Installation installation, Placement placement, IReadOnlyList<string> arguments) => new(
        TimeProvider.System.GetUtcNow(),
        FirstAfter("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        $"{RuntimeInformation.OSDescription}, kernel {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}",
        RuntimeInformation.FrameworkDescription,
        placement.Text,
        File.ReadAllText("/proc/loadavg").Trim(),
        VersionsOf(installation),
        "dotnet run -c Release --project bench/Peregrine.Bench.Peers -- " + string.Join(' ', arguments));

    private static SortedDictionary<string, string> VersionsOf(Installation installation)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("commit", CommitOf(installation.Root));
        Add("node", installation.Node is { } node ? FirstLine([node, "--version"]) : null);
        Add("wrk", Installation.FindOnPath("dpkg-query") is { } query && installation.Wrk is not null ? FirstLine([query, "-W", "-f", "${Version}", "wrk"]) : null);
        // It tells its version on standard error only.
        Add("nginx", installation.Nginx is not null && Installation.FindOnPath("dpkg-query") is { } packages ? FirstLine([packages, "-W", "-f", "${Version}", "nginx"]) : null);
        AddFromDependencies("ModelContextProtocol", "OfficialStdio");
        AddFromDependencies("ModelContextProtocol.Core", "OfficialHttp");
        foreach (string package in new[] { "@modelcontextprotocol/sdk", "@modelcontextprotocol/server", "@modelcontextprotocol/node" })
        {
            string file = installation.TypeScriptFile($"node_modules/{package}/package.json");
            if (!File.Exists(file))
                continue;
            using JsonDocument description = JsonDocument.Parse(File.ReadAllText(file));
            Add(package, description.RootElement.GetProperty("version").GetString());
        }

        return versions;

        void Add(string name, string? version)
        {
            if (version is not null)
                versions[name] = version;
        }

        void AddFromDependencies(string package, string project)
        {
            string file = installation.Built(project) + ".deps.json";
            if (!File.Exists(file))
                return;
            using JsonDocument dependencies = JsonDocument.Parse(File.ReadAllText(file));
            string prefix = package + "/";
            Add(package, dependencies.RootElement.GetProperty("libraries").EnumerateObject()
                .FirstOrDefault(library => library.Name.StartsWith(prefix, StringComparison.Ordinal)).Name?[prefix.Length..]);
        }
    }

    private static string? CommitOf(string root)
    {
        if (Installation.FindOnPath("git") is not { } git || FirstLine([git, "-C", root, "rev-parse", "HEAD"]) is not { } commit)
            return null;
        return FirstLine([git, "-C", root, "status", "--porcelain"]) is null or "" ? commit : commit + " with changes";
    }

    private static string? FirstLine(string[] command)
    {
        try
        {
            return NativeProcess.RunToEnd(command, ProcessorAffinity.Get(), s_patience, out _).Split('\n')[0].Trim();
        }
        catch (BenchException)
        {
            return null;
        }
    }

    private static string? FirstAfter(string file, string name)
    {
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOfAny([':', '=']) + 1)..].Trim();
    }
}
