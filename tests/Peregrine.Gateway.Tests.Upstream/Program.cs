using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Gateway.Tests.Upstream;

/// <summary>
/// A small MCP server on standard input and output, of one era only, written without Peregrine's own libraries so that the gateway is tested against somebody else's
/// bytes. Its tools do what gateways must survive.
/// </summary>
internal static class Program
{
    private const string Version = "io.modelcontextprotocol/protocolVersion";

    private static readonly Lock Gate = new();
    private static readonly SemaphoreSlim Serial = new(1, 1);
    private static readonly Stream Output = Console.OpenStandardOutput();
    private static readonly ConcurrentDictionary<string, CancellationTokenSource> InFlight = new();
    private static readonly List<string> Cancelled = [];
    private static readonly byte[][] Garbage =
    [
        "this is no JSON"u8.ToArray(),
        [0xff, 0xfe, 0x00, 0x01, 0x80],
        "[1,2,3]"u8.ToArray(),
        "{\"jsonrpc\":\"2.0\",\"id\":987654321,\"result\":{}}"u8.ToArray(),
        "{\"jsonrpc\":\"2.0\",\"id\":\"no such\",\"error\":{\"code\":1,\"message\":\"nobody asked\"}}"u8.ToArray(),
        "{\"jsonrpc\":\"2.0\""u8.ToArray(),
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no/such\"}"u8.ToArray(),
        [],
        [.. Enumerable.Repeat((byte)'x', 300_000)],
    ];

    private static bool s_stateless;
    private static string? s_garbageMark;
    private static int s_garbage;
    private static string? s_addedTool;
    private static string? s_toolFile;
    private static string? s_effects;
    private static int s_calls;

    private static async Task Main(string[] args)
    {
        s_stateless = args.Contains("--stateless");
        s_addedTool = args.Contains("--die-once") ? "die_once" : null;
        if (args.Contains("--silent"))
        {
            await Task.Delay(Timeout.Infinite);
        }

        if (args.Contains("--broken"))
        {
            await Console.Error.WriteLineAsync("cannot find my configuration");
            Environment.Exit(7);
        }

        // Starts as long as its mark is not there, and leaves it: the second start fails.
        if (Array.Find(args, static arg => arg.StartsWith("--once=", StringComparison.Ordinal)) is { } once)
        {
            if (File.Exists(once[7..]))
            {
                Environment.Exit(8);
            }

            await File.WriteAllTextAsync(once[7..], "");
        }

        // As long as this file exists, what the server sends is mixed with rubbish.
        s_garbageMark = Array.Find(args, static arg => arg.StartsWith("--garbage=", StringComparison.Ordinal))?[10..];

        // Holds the definition of one more tool, which may become another while the server runs.
        s_toolFile = Array.Find(args, static arg => arg.StartsWith("--tool-file=", StringComparison.Ordinal))?["--tool-file=".Length..];

        // A line for each run of a tool that must not run twice, with the key that it was given.
        s_effects = Array.Find(args, static arg => arg.StartsWith("--effects=", StringComparison.Ordinal))?["--effects=".Length..];
        await Console.Error.WriteLineAsync("server is up");
        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        while (await input.ReadLineAsync() is { } line)
        {
            var message = JsonNode.Parse(line)!.AsObject();
            if (message["id"] is null)
            {
                TakeNotification(message);
            }
            else
            {
                _ = Task.Run(() => AnswerAsync(message, line));
            }
        }
    }

    private static void TakeNotification(JsonObject message)
    {
        if ((string?)message["method"] == "notifications/cancelled")
        {
            var id = message["params"]!["requestId"]!.ToJsonString();
            lock (Cancelled)
            {
                Cancelled.Add(id);
            }

            if (InFlight.TryGetValue(id, out var call))
            {
                call.Cancel();
            }
        }
    }

    private static async Task AnswerAsync(JsonObject message, string line)
    {
        var id = message["id"]!.ToJsonString();
        var meta = message["params"]?["_meta"];
        var method = (string)message["method"]!;
        if (s_stateless && meta?[Version] is null)
        {
            SendError(id, -32602, "missing _meta");
            return;
        }

        switch (method)
        {
            case "initialize" when !s_stateless:
                SendResult(id, """{"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"old","version":"1"}}""");
                break;
            case "server/discover" when s_stateless:
                SendResult(id, """{"supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true}},"ttlMs":0,"cacheScope":"private","resultType":"complete"}""");
                break;
            case "subscriptions/listen" when s_stateless:
                Send($$$"""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":{{{id}}}},"notifications":{"toolsListChanged":true} } }""");
                break;
            case "tools/list":
                ListTools(id, message);
                break;
            case "tools/call":
                await CallAsync(id, message, line);
                break;
            default:
                SendError(id, -32601, "no such method: " + method);
                break;
        }
    }

    // Two pages, and a schema with spaces, an odd keyword and a number in a form of its own: all must arrive as they are.
    private static void ListTools(string id, JsonObject message)
    {
        if (message["params"]?["cursor"] is null)
        {
            SendResult(id, """{"tools":[{"name":"echo","description":"Says it again","inputSchema":{"type":"object",  "properties":{"message":{"type":"string","x-odd":1.50e+2}}},"execution":{"taskSupport":"optional"}}],"nextCursor":"two","ttlMs":0,"cacheScope":"private","resultType":"complete"}""");
            return;
        }

        string[] names = ["inspect", "pid", "sleep", "fail", "tool_error", "progress", "spawn", "die", "add_tool", "meta", "cancelled", "calls", "serial", .. s_effects is null ? (string[])[] : ["append"], .. s_addedTool is null ? (string[])[] : [s_addedTool]];
        var tools = string.Join(',', names.Select(static name => $$"""{"inputSchema":{"type":"object"},"name":"{{name}}"}"""));
        if (s_toolFile is not null && File.Exists(s_toolFile))
        {
            tools += "," + File.ReadAllText(s_toolFile);
        }

        SendResult(id, $$"""{"tools":[{{tools}}],"ttlMs":0,"cacheScope":"private","resultType":"complete"}""");
    }

    private static async Task CallAsync(string id, JsonObject message, string line)
    {
        var arguments = message["params"]!["arguments"];
        using var cancellation = new CancellationTokenSource();
        InFlight[id] = cancellation;
        Interlocked.Increment(ref s_calls);
        switch ((string)message["params"]!["name"]!)
        {
            case "echo":
                SendText(id, (string?)arguments?["message"] ?? "");
                break;
            case "inspect":
                SendText(id, line);
                break;
            case "pid":
                await Task.Delay((int?)arguments?["ms"] ?? 0);
                SendText(id, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case "append":
                await Task.Delay((int?)arguments!["before"] ?? 0);
                lock (Cancelled)
                {
                    File.AppendAllText(s_effects!, (string)arguments["key"]! + "\n");
                }

                await Task.Delay((int?)arguments["after"] ?? 0);
                SendText(id, (string)arguments["key"]!);
                break;
            case "serial":
                // As a server that has one thread: one call at a time, each 5 ms.
                await Serial.WaitAsync();
                await Task.Delay(5);
                Serial.Release();
                SendText(id, "done");
                break;
            case "sleep":
                await Console.Error.WriteLineAsync("sleeping " + id);
                await Task.Delay((int)arguments!["ms"]!, cancellation.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
                SendText(id, "awake");
                break;
            case "fail":
                Send($$"""{"jsonrpc":"2.0","id":{{id}},"error":""" + """{"code":-32050,"message":"on purpose","data":{"why":  "test"}}}""");
                break;
            case "tool_error":
                SendResult(id, Complete("""{"content":[{"type":"text","text":"did not work"}],"isError":true"""));
                break;
            case "progress":
                await ProgressAsync(id, message);
                break;
            case "spawn":
                using (var child = Process.Start(new ProcessStartInfo("sleep", "600") { RedirectStandardInput = true, RedirectStandardOutput = true })!)
                {
                    SendText(id, child.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
                }

                break;
            case "die":
                await Console.Error.WriteLineAsync("dying of a secret cause");
                Environment.Exit(9);
                break;
            case "die_once":
                // A line for each run: dies in the first, answers in the others.
                var path = (string)arguments!["path"]!;
                var before = File.Exists(path);
                await File.AppendAllTextAsync(path, "run\n");
                if (!before)
                {
                    Environment.Exit(10);
                }

                SendText(id, "lived");
                break;
            case "add_tool":
                s_addedTool = "added";
                Send("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
                SendText(id, "added");
                break;
            case "meta":
                SendResult(id, Complete("""{"content":[],"_meta":{"own":1}"""));
                break;
            case "cancelled":
                lock (Cancelled)
                {
                    SendText(id, string.Join(',', Cancelled.Count));
                }

                break;
            case "calls":
                SendText(id, s_calls.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                SendText(id, "added tool called");
                break;
        }

        InFlight.TryRemove(id, out _);
    }

    private static async Task ProgressAsync(string id, JsonObject message)
    {
        if (message["params"]!["_meta"]?["progressToken"] is { } token)
        {
            for (var i = 1; i <= 3; i++)
            {
                Send($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token.ToJsonString()}}},"progress":{{{i}}},"total":3}}""");
                await Task.Yield();
            }
        }

        SendText(id, "done");
    }

    private static string Complete(string open) => open + (s_stateless ? ""","resultType":"complete"}""" : "}");

    private static void SendText(string id, string text) =>
        SendResult(id, Complete($$"""{"content":[{"type":"text","text":{{JsonValue.Create(text).ToJsonString()}}}]"""));

    private static void SendResult(string id, string result) => Send($$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}}}""");

    private static void SendError(string id, int code, string text) =>
        Send($$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":{{{code}}},"message":"{{{text}}}"}}""");

    private static void Send(string message)
    {
        lock (Gate)
        {
            if (s_garbageMark is { } mark && File.Exists(mark))
            {
                Output.Write(Garbage[s_garbage++ % Garbage.Length]);
                Output.WriteByte((byte)'\n');
            }

            Output.Write(Encoding.UTF8.GetBytes(message + "\n"));
            Output.Flush();
        }
    }
}
