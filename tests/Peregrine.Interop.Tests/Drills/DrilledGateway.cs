using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Drills;

/// <summary>A gateway process with the servers of the drill behind it, which can be killed and started again at the same address.</summary>
internal sealed class DrilledGateway : IAsyncDisposable
{
    /// <summary>How long a call may take, as the configuration says.</summary>
    internal static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly string _configuration;
    private readonly string[] _effects;
    private readonly int _port = FreePort.Find();
    private readonly StartedProgram _steadyServer;
    private readonly StartedProgram _distantServer;
    private StartedProgram _program = null!;

    private DrilledGateway(StartedProgram steadyServer, Uri steady, StartedProgram distantServer, Uri distant)
    {
        _steadyServer = steadyServer;
        _distantServer = distantServer;
        Steady = steady;
        Distant = distant;
        Proxy = new FaultProxy(distant.Port);
        _effects = [_folder.Write("effects", ""), _folder.Write("keyless-effects", "")];
        GarbageMark = Path.Combine(_folder.Folder, "garbage");
        _configuration = _folder.Write("gateway.json", $$"""
            {
              "mcpServers": {
                "steady": { "url": "{{steady}}" },
                "local": { "command": {{Quoted(Programs.Peregrine)}}, "args": ["serve", "--stdio"] },
                "once": { "command": {{Quoted(Programs.OnceServer)}}, "args": ["stdio", "os", {{Quoted(_effects[0])}}, {{Quoted(Path.Combine(_folder.Folder, "journal"))}}] },
                "keyless": { "command": {{Quoted(Programs.ForeignServer)}}, "args": [{{Quoted("--effects=" + _effects[1])}}] },
                "foreign": { "command": {{Quoted(Programs.ForeignServer)}}, "args": [{{Quoted("--garbage=" + GarbageMark)}}] },
                "distant": { "url": "http://127.0.0.1:{{Proxy.Port}}/mcp" }
              },
              "peregrine": {
                "callTimeoutSeconds": {{CallTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)}},
                "servers": { "distant": { "era": "session" }, "once": { "callTimeoutSeconds": 60 }, "keyless": { "callTimeoutSeconds": 60 } },
                // Keys that are kept are memory in use, so for no longer than the drill needs them.
                "policies": { "keyWindowSeconds": 10, "servers": { "keyless": { "once": true } } }
              }
            }
            """);
    }

    internal Uri Endpoint => new($"http://127.0.0.1:{_port}/mcp");

    /// <summary>A server over HTTP to which nothing happens; it can be called directly as well.</summary>
    internal Uri Steady { get; }

    /// <summary>The server behind the proxy.</summary>
    internal Uri Distant { get; }

    internal FaultProxy Proxy { get; }

    /// <summary>What the keyed tools have done: a key for each time that one ran.</summary>
    internal IReadOnlyList<string> Effects => [.. _effects.SelectMany(File.ReadAllLines)];

    /// <summary>As long as this file exists, the foreign server writes rubbish.</summary>
    internal string GarbageMark { get; }

    internal int ProcessId => _program.Id;

    internal string Log => _program.Error;

    internal static IReadOnlyList<string> Servers { get; } = ["steady", "local", "once", "keyless", "foreign", "distant"];

    internal static async Task<DrilledGateway> StartAsync()
    {
        var (steady, steadyUrl) = await ServeAsync();
        var (distant, distantUrl) = await ServeAsync();
        var gateway = new DrilledGateway(steady, steadyUrl, distant, distantUrl);
        await gateway.StartProgramAsync();
        foreach (var server in Servers)
        {
            await gateway.WaitUntilUpAsync(server);
        }

        return gateway;
    }

    /// <summary>Kills the gateway and starts it again at once.</summary>
    /// <returns>The processes that the killed one had started.</returns>
    internal async Task<IReadOnlyList<int>> KillAndRestartAsync()
    {
        var family = ProcessTable.DescendantsOf(_program.Id);
        Signals.KillAtOnce(_program.Id);
        await _program.WaitForEndAsync();
        await _program.DisposeAsync();
        await StartProgramAsync();
        return family;
    }

    /// <summary>Asks the gateway to end, and waits.</summary>
    /// <returns>The processes that it had started.</returns>
    internal async Task<IReadOnlyList<int>> EndAsync()
    {
        var family = ProcessTable.DescendantsOf(_program.Id);
        Signals.Terminate(_program.Id);
        await _program.WaitForEndAsync();
        return family;
    }

    /// <summary>The process of an upstream over stdio.</summary>
    internal async Task<int> ProcessOfAsync(string server) => (int)(await UpstreamAsync(server))["processId"]!;

    /// <summary>How many calls a server has not answered yet.</summary>
    internal async Task<int> CallsInFlightAsync(string server) => (int)(await UpstreamAsync(server))["inFlight"]!;

    internal Task WaitUntilUpAsync(string server) =>
        Patience.UntilAsync(async () => (string)(await UpstreamAsync(server))["state"]! == "ready", describe: () => $"{server} is not up.\n{Log}");

    /// <summary>Has the distant server forget the session that the gateway has with it.</summary>
    internal async Task ForgetSessionAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Distant);
        request.Headers.Add("Mcp-Session-Id", Proxy.LastSession);
        using var response = await _http.SendAsync(request);
    }

    /// <summary>What the gateway's process has open.</summary>
    internal DescriptorCounts ReadDescriptors() => DescriptorCounts.Of(_program.Id);

    /// <summary>The memory of the gateway's process that is in use, in bytes.</summary>
    internal long Memory => 1024 * long.Parse(
        File.ReadLines($"/proc/{_program.Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    /// <summary>What the gateway's process holds on its managed heap, in bytes, once all that is not used was collected. Looked at until three looks agree within a twentieth: the load goes on meanwhile.</summary>
    internal async Task<long> ReadLiveHeapAsync()
    {
        List<long> looks = [];
        await Patience.UntilAsync(async () =>
        {
            await ForcedCollection.RunAsync(_program.Id);
            looks.Add(await ReadHeapAsync());
            var last = looks.TakeLast(3).ToList();
            return last.Count == 3 && last.Max() - last.Min() <= last.Min() / 20;
        }, describe: () => string.Join(", ", looks));
        return looks.TakeLast(3).Min();
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await Proxy.DisposeAsync();
        await _steadyServer.DisposeAsync();
        await _distantServer.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private static async Task<(StartedProgram Program, Uri Url)> ServeAsync()
    {
        var program = StartedProgram.Start(Programs.Peregrine, "serve", "--urls", "http://127.0.0.1:0");
        var line = await program.WaitForErrorLineAsync("MCP at ");
        return (program, new Uri(line["MCP at ".Length..].Split(',')[0]));
    }

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();

    private async Task StartProgramAsync()
    {
        _program = StartedProgram.Start(
            Programs.Peregrine, ["up", "--config", _configuration, "--urls", $"http://127.0.0.1:{_port}"], new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder.Folder });
        await _program.WaitForErrorLineAsync("MCP at ");
    }

    // A sample of the process stands for a tenth of a second: the one that is there may be older than the question.
    private async Task<long> ReadHeapAsync()
    {
        var asked = (double)(await StatusAsync())["uptimeSeconds"]!;
        var status = await StatusAsync();
        await Patience.UntilAsync(async () => (double)(status = await StatusAsync())["uptimeSeconds"]! >= asked + 0.1);
        return (long)status["process"]!["heapBytes"]!;
    }

    private async Task<JsonNode> StatusAsync() => JsonNode.Parse(await _http.GetStringAsync(new Uri(Endpoint, "/api/status")))!;

    private async Task<JsonNode> UpstreamAsync(string name)
    {
        var status = await StatusAsync();
        return status["upstreams"]!.AsArray().Single(upstream => (string)upstream!["name"]! == name)!;
    }
}
