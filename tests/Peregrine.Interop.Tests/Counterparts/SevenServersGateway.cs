using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>
/// One gateway process with seven servers behind it: four from npm over stdio, one each on the TypeScript and the C# SDK over HTTP, and ours. Not started where npm's are missing: the
/// tests then skip themselves.
/// </summary>
public sealed class SevenServersGateway : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Stack<StartedProgram> _programs = new();
    private RunningGateway? _gateway;

    /// <summary>The servers' names, in the order of the configuration.</summary>
    internal static IReadOnlyList<string> Names { get; } = ["everything", "files", "memory", "thinking", "typescript", "csharp", "ours"];

    /// <summary>The folder that the server of files may touch.</summary>
    internal string Files => _folder.Folder;

    internal RunningGateway Gateway
    {
        get
        {
            NpmPackages.Require();
            return _gateway!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!NpmPackages.AreInstalled)
        {
            return;
        }

        var (typescript, csharp) = (FreePort.Find(), FreePort.Find());
        _programs.Push(StartedProgram.Start("node", NpmPackages.ServerOfTypeScriptV2, $"{typescript}"));
        _programs.Push(StartedProgram.Start(Programs.OfficialHttp, "--urls", $"http://127.0.0.1:{csharp}"));
        await FreePort.WaitUntilTakenAsync(typescript);
        await FreePort.WaitUntilTakenAsync(csharp);
        _gateway = await RunningGateway.StartAsync($$"""
            {
              "mcpServers": {
                "everything": { {{NpmPackages.ServerEverythingEntry}} },
                "files": { {{Entry("node", NpmPackages.ServerFilesystem, Files)}} },
                "memory": { {{Entry("node", NpmPackages.ServerMemory)}}, "env": { "MEMORY_FILE_PATH": {{Quoted(Path.Combine(Files, "memory.json"))}} } },
                "thinking": { {{Entry("node", NpmPackages.ServerSequentialThinking)}} },
                "typescript": { "type": "http", "url": "http://127.0.0.1:{{typescript}}/mcp" },
                "csharp": { "type": "http", "url": "http://127.0.0.1:{{csharp}}/mcp" },
                "ours": { {{Entry(Programs.Peregrine, "serve", "--stdio")}} }
              }
            }
            """);
        foreach (var name in Names)
        {
            await _gateway.WaitUntilUpAsync(name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        while (_programs.TryPop(out var program))
        {
            await program.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static string Entry(string command, params string[] arguments) =>
        $"\"command\": {Quoted(command)}, \"args\": [{string.Join(", ", arguments.Select(Quoted))}]";

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();
}
