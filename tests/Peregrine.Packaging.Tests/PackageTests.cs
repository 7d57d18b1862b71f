using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Peregrine.Packaging.Tests;

/// <summary>The packages as a user meets them: from packed files only, in empty folders.</summary>
[Trait("Category", "Slow")]
public sealed class PackageTests(PackedFeed feed)
{
    private const string GreetAda = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"greet","arguments":{"name":"Ada"}}}""" + "\n";
    private const string RollThreeDice = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"roll_dice","arguments":{"dice":3}}}""" + "\n";

    [Fact]
    public async Task AStdioServerFromTheTemplateIsTestedPackedAndRun()
    {
        var folder = await feed.CreateAsync("peregrine-stdio", "DiceServer");
        var tested = await feed.DotnetAsync(folder, "test", "DiceServer.slnx");
        Assert.Contains("Passed:     2", tested, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", tested, StringComparison.Ordinal);

        await feed.DotnetAsync(folder, "pack", "DiceServer", "-o", feed.OwnFeed);
        await using (var package = await ZipFile.OpenReadAsync(Path.Combine(feed.OwnFeed, "DiceServer.0.1.0.nupkg")))
        {
            await using var manifest = await package.GetEntry("DiceServer.nuspec")!.OpenAsync();
            var types = (await XDocument.LoadAsync(manifest, LoadOptions.None, default)).Descendants().Where(static element => element.Name.LocalName == "packageType");
            Assert.Equal(["DotnetTool", "McpServer"], types.Select(static type => type.Attribute("name")!.Value).Order());
            Assert.NotNull(package.GetEntry(".mcp/server.json"));
        }

        AssertThreeDice(await Command.RunAsync(folder, feed.Surroundings, RollThreeDice, "dotnet", "tool", "exec", "DiceServer@0.1.0", "--yes"));

        // As the clients start it whose entries its README has: Claude and Cursor, VS Code.
        var entries = await LaunchEntriesAsync(Path.Combine(folder, "DiceServer", "README.md"));
        Assert.Equal(["mcpServers", "servers"], entries.Select(static entry => entry.Member));
        foreach (var (_, entry) in entries)
        {
            Assert.Equal("dnx", entry.GetProperty("command").GetString());
        }

        string[] arguments = [.. entries.Select(static entry => string.Join(' ', entry.Entry.GetProperty("args").EnumerateArray())).Distinct()];
        AssertThreeDice(await Command.RunAsync(folder, feed.Surroundings, RollThreeDice, "dotnet", ["dnx", .. Assert.Single(arguments).Split(' ')]));
    }

    [Fact]
    public async Task ATrimmedServerRuns()
    {
        var folder = await feed.CreateAsync("peregrine-stdio", "trimmed-server");
        await feed.DotnetAsync(folder, "publish", "trimmed-server", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-p:PackAsTool=false", "-p:PublishTrimmed=true",
            "-p:TreatWarningsAsErrors=true", "-o", "published");

        AssertThreeDice(await Command.RunAsync(folder, feed.Surroundings, RollThreeDice, Path.Combine(folder, "published", OperatingSystem.IsWindows() ? "trimmed-server.exe" : "trimmed-server")));
    }

    [Fact]
    public async Task AnHttpServerFromTheTemplateIsTestedAndRun()
    {
        var folder = await feed.CreateAsync("peregrine-http", "dice-site");
        Assert.Contains("Passed:     2", await feed.DotnetAsync(folder, "test", "dice-site.slnx"), StringComparison.Ordinal);
        var settings = await File.ReadAllTextAsync(Path.Combine(folder, "dice-site", "Properties", "launchSettings.json"));
        foreach (var (_, entry) in await LaunchEntriesAsync(Path.Combine(folder, "dice-site", "README.md")))
        {
            Assert.Equal("http", entry.GetProperty("type").GetString());
            Assert.Contains(new Uri(entry.GetProperty("url").GetString()!).GetLeftPart(UriPartial.Authority), settings, StringComparison.Ordinal);
        }

        using var process = Command.Start(folder, feed.Surroundings, "dotnet", "exec", Path.Combine("dice-site", "bin", "Debug", "net10.0", "dice-site.dll"), "--urls", "http://127.0.0.1:0");
        await AskSiteAsync(process, static async client =>
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(RollThreeDice)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var reply = await client.PostAsync("/mcp", content);
            AssertThreeDice(await reply.Content.ReadAsStringAsync());
            Assert.Contains("ready", await client.GetStringAsync("/health"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task AServerInOneFileRuns()
    {
        var folder = feed.NewFolder("one-file");
        await feed.CopySampleAsync("server.cs", folder);

        var reply = await Command.RunAsync(folder, feed.Surroundings, GreetAda, "dotnet", "run", "server.cs");

        Assert.Contains("Hello, Ada!", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASiteInOneFileRuns()
    {
        var folder = feed.NewFolder("one-site");
        await feed.CopySampleAsync("site.cs", folder);
        using var process = Command.Start(folder, feed.Surroundings, "dotnet", "run", "site.cs", "--urls", "http://127.0.0.1:0");
        await AskSiteAsync(process, static async client =>
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(GreetAda)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var reply = await client.PostAsync("/mcp", content);
            Assert.Contains("Hello, Ada!", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task TheCommandLineToolIsInstalledAndRuns()
    {
        var folder = feed.NewFolder("tool");
        await feed.DotnetAsync(folder, "tool", "install", "Peregrine.Cli", "--version", feed.Version, "--tool-path", "tools");
        var peregrine = Path.Combine(folder, "tools", OperatingSystem.IsWindows() ? "peregrine.exe" : "peregrine");

        Assert.Matches(@"\A\d+\.\d+\.\d+", await Command.RunAsync(folder, feed.Surroundings, "", peregrine, "--version"));
        Assert.Contains("echo", await Command.RunAsync(folder, feed.Surroundings, "", peregrine, "list", "--", peregrine, "serve", "--stdio"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryPackageSaysWhatItIs()
    {
        foreach (var path in Directory.GetFiles(feed.Feed, "*.nupkg"))
        {
            await using var package = await ZipFile.OpenReadAsync(path);
            await using var manifest = await package.Entries.Single(static entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).OpenAsync();
            var metadata = (await XDocument.LoadAsync(manifest, LoadOptions.None, default)).Root!.Elements().Single();
            string Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
            Assert.Equal(("MIT", "README.md", "icon.png"), (Value("license"), Value("readme"), Value("icon")));
            Assert.NotEmpty(Value("description"));
            Assert.NotNull(package.GetEntry("README.md"));
            Assert.NotNull(package.GetEntry("icon.png"));
        }

        Assert.Equal(Libraries(".nupkg").Except(["Peregrine", "Peregrine.AspNetCore", "Peregrine.Templates"]), Libraries(".snupkg"));
    }

    // What a README has for the files of clients: the member that holds the servers, and the entry of the one server.
    private static async Task<List<(string Member, JsonElement Entry)>> LaunchEntriesAsync(string readme)
    {
        var blocks = (await File.ReadAllTextAsync(readme)).Split("```json", StringSplitOptions.None).Skip(1).Select(static block => JsonElement.Parse(block[..block.IndexOf("```", StringComparison.Ordinal)]));
        return [.. blocks.Select(static block => Assert.Single(block.EnumerateObject())).Select(static member => (member.Name, Assert.Single(member.Value.EnumerateObject()).Value))];
    }

    // Waits until it listens, asks it, and ends it and what it has started.
    private static async Task AskSiteAsync(Process process, Func<HttpClient, Task> ask)
    {
        const string Listening = "Now listening on: ";
        try
        {
            string? line;
            do
            {
                line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(4));
                Assert.True(line is not null, "The site does not listen.");
            }
            while (!line!.Contains(Listening, StringComparison.Ordinal));

            using var client = new HttpClient { BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()) };
            await ask(client);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    private List<string> Libraries(string extension) =>
        [.. Directory.GetFiles(feed.Feed, "*" + extension).Select(path => Path.GetFileName(path).Replace($".{feed.Version}{extension}", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static void AssertThreeDice(string reply) => Assert.Matches("\"text\":\"[1-6], [1-6], [1-6]\"", reply);
}
