using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Counterparts;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Measuring;

/// <summary>`peregrine bench` on servers in several languages, in every era that they speak.</summary>
[Trait("Category", "Slow")]
public sealed class ServersOfOthersTests
{
    private const string Session = "2025-11-25";
    private const string Stateless = "2026-07-28";
    private const string Ours = "ours";
    private const string Official = "official C#";
    private const string TypeScriptV2 = "TypeScript v2";
    private const string Everything = "server-everything";

    private static readonly string TypeScriptFolder = Path.Combine(Programs.Root, "bench", "peers", "typescript");

    public static TheoryData<string, string> Servers { get; } = new()
    {
        { Ours, Session },
        { Ours, Stateless },
        { Official, Session },
        { Official, Stateless },
        { TypeScriptV2, Session },
        { TypeScriptV2, Stateless },
        { Everything, Session },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Over_stdio(string server, string version)
    {
        string[] command = server switch
        {
            Ours => [Programs.Peregrine, "serve", "--stdio"],
            Official => [Programs.OfficialStdio],
            TypeScriptV2 => ["node", RequireTypeScript("v2-stdio.mjs")],
            _ => ["node", RequireEverything(), "stdio"],
        };
        Judge(await BenchAsync(version, ["--", .. command]), version, "stdio");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Over_http(string server, string version)
    {
        var port = FreePort.Find();
        var url = $"http://127.0.0.1:{port}";
        await using var program = server switch
        {
            Ours => StartedProgram.Start(Programs.Peregrine, "serve", "--urls", url),
            Official => StartedProgram.Start(Programs.OfficialHttp, "--urls", url),
            TypeScriptV2 => StartedProgram.Start("node", RequireTypeScript("v2-http.mjs"), $"{port}", "0"),
            _ => StartedProgram.Start("node", [RequireEverything(), "streamableHttp"], new Dictionary<string, string> { ["PORT"] = $"{port}" }),
        };
        await FreePort.WaitUntilTakenAsync(port);
        Judge(await BenchAsync(version, [url + "/mcp"]), version, "http");
    }

    private static async Task<CommandResult> BenchAsync(string version, string[] target) =>
        await StartedProgram.RunPeregrineAsync(["bench", "--protocol", version, "--concurrency", "4", "--duration", "1", "--warm-up", "0", "--json", .. target]);

    private static void Judge(CommandResult result, string version, string transport)
    {
        Assert.True(result.Output.StartsWith('{'), result.ToString());
        var json = JsonNode.Parse(result.Output)!;
        Assert.Equal((version, transport), ((string)json["target"]!["protocolVersion"]!, (string)json["target"]!["transport"]!));
        Assert.True((long)json["succeeded"]! > 4, result.ToString());
        Assert.Equal(0, (long)json["failed"]!);
        if (OperatingSystem.IsLinux())
        {
            Assert.True((long)json["resources"]!["samples"]!.AsArray()[^1]!["residentBytes"]! > 1_000_000, "the server's process was not seen");
        }
    }

    private static string RequireEverything()
    {
        NpmPackages.Require();
        return NpmPackages.ServerEverything;
    }

    private static string RequireTypeScript(string file)
    {
        NpmPackages.Require();
        Assert.SkipUnless(Directory.Exists(Path.Combine(TypeScriptFolder, "node_modules")), "needs the npm packages of bench/peers/typescript: run ./test --install, or npm ci there");
        return Path.Combine(TypeScriptFolder, file);
    }
}
