using System.Text.Json;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Cli.Diagnosing;

/// <summary>The checks of the stateless era (2026-07-28).</summary>
internal sealed class StatelessChecks(IProbe probe, Findings findings)
{
    private const string Version = "2026-07-28";
    private const string Meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";
    private static readonly string[] CachedLists = ["tools/list", "resources/list", "resources/templates/list", "prompts/list"];

    private int _id;
    private ProbeReply _discovered = ProbeReply.Nothing;

    /// <summary>Runs all; false where the server does not speak this era.</summary>
    internal async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        _discovered = await AskAsync("server/discover", "", cancellationToken).ConfigureAwait(false);
        if (!Texts(_discovered.Find("supportedVersions")).Contains(Version))
        {
            await findings.AddAsync("stateless.discover", $"{Version} server/discover", "Speaks the stateless era",
                () => Task.FromResult(Findings.Skip($"server/discover gave {_discovered.Describe()}"))).ConfigureAwait(false);
            return false;
        }

        await DiscoverAsync().ConfigureAwait(false);
        await NegotiationAsync(cancellationToken).ConfigureAwait(false);
        await ErrorsAsync(cancellationToken).ConfigureAwait(false);
        await ListsAsync(cancellationToken).ConfigureAwait(false);
        if (probe is HttpProbe http)
        {
            await new StatelessHttpChecks(http, findings, Meta).RunAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task DiscoverAsync()
    {
        await findings.AddAsync("stateless.discover", $"{Version} server/discover", "Answers server/discover with versions, capabilities and cache hints", () => Task.FromResult(
            Findings.Must(
                _discovered.Find("capabilities").ValueKind == JsonValueKind.Object && _discovered.Find("resultType").ToString() == "complete" && HasCacheHints(_discovered),
                "capabilities, resultType \"complete\", ttlMs and cacheScope are required"))).ConfigureAwait(false);
        await findings.AddAsync("stateless.server-info", $"{Version} result envelope", "Says who it is in _meta", () => Task.FromResult(
            Findings.Should(_discovered.Find("_meta", "io.modelcontextprotocol/serverInfo", "name").ValueKind == JsonValueKind.String,
                "_meta.io.modelcontextprotocol/serverInfo is missing"))).ConfigureAwait(false);
    }

    private async Task NegotiationAsync(CancellationToken cancellationToken)
    {
        await findings.AddAsync("stateless.unsupported-version", $"{Version} versioning", "Refuses a version that does not exist with -32022 and names its own", async () =>
        {
            var meta = Meta.Replace(Version, "2999-01-01", StringComparison.Ordinal);
            var reply = await SendAsync("server/discover", $"{{{meta}}}", Headers("server/discover", version: "2999-01-01"), cancellationToken).ConfigureAwait(false);
            if (reply.ErrorCode != ErrorCodes.UnsupportedProtocolVersion)
            {
                return (Verdict.Fail, $"expected error -32022, got {reply.Describe()}");
            }

            var own = Texts(_discovered.Find("supportedVersions"));
            var named = reply.Error.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("supported", out var supported) ? Texts(supported) : [];
            return Findings.Must(named.Length > 0 && named.All(own.Contains), "data.supported must name versions that server/discover names too");
        }).ConfigureAwait(false);
        await findings.AddAsync("stateless.missing-meta", $"{Version} request _meta", "Refuses a request without the required _meta with -32602", async () =>
        {
            var reply = await SendAsync("tools/list", "{}", Headers("tools/list"), cancellationToken).ConfigureAwait(false);

            // Without _meta on stdio this may be a request of the session era.
            return !probe.IsHttp ? Findings.Skip("on stdio it may be a request of the session era")
                : Findings.Must(reply.ErrorCode == ErrorCodes.InvalidParams && reply.Status == 400, $"expected HTTP 400 with error -32602, got {reply.Describe()}");
        }).ConfigureAwait(false);
    }

    private async Task ErrorsAsync(CancellationToken cancellationToken)
    {
        await findings.AddAsync("stateless.unknown-method", $"{Version} error codes", "Answers an unknown method with -32601", async () =>
            NotFound(await AskAsync("peregrine/no-such-method", "", cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        foreach (var method in new[] { "ping", "logging/setLevel", "resources/subscribe" })
        {
            await findings.AddAsync($"stateless.removed.{method.Replace('/', '-')}", $"{Version} changes", $"Does not know {method} any more", async () =>
                NotFound(await AskAsync(method, "", cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        }

        await findings.AddAsync("stateless.unknown-tool", $"{Version} tools", "Answers a call of a tool that does not exist with -32602", async () =>
        {
            if (!Offers("tools"))
            {
                return Findings.Skip("it has no tools");
            }

            var reply = await AskAsync("tools/call", "\"name\":\"peregrine-no-such-tool\",\"arguments\":{},", cancellationToken, name: "peregrine-no-such-tool").ConfigureAwait(false);
            return Findings.Must(reply.ErrorCode == ErrorCodes.InvalidParams, $"expected error -32602, got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("stateless.resource-not-found", $"{Version} resources", "Answers the read of a resource that does not exist with -32602", async () =>
        {
            if (!Offers("resources"))
            {
                return Findings.Skip("it has no resources");
            }

            var reply = await AskAsync("resources/read", "\"uri\":\"peregrine://no-such-resource\",", cancellationToken, name: "peregrine://no-such-resource").ConfigureAwait(false);
            return Findings.Must(reply.ErrorCode == ErrorCodes.InvalidParams, $"expected error -32602, got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("stateless.malformed-json", $"{Version} base protocol", "Survives what is no JSON", async () =>
        {
            var refused = await probe.SendAsync("{\"jsonrpc\":\"2.0\",\"id\":1,", Headers("tools/list"), cancellationToken).ConfigureAwait(false);
            var next = await AskAsync("server/discover", "", cancellationToken).ConfigureAwait(false);
            return next.Result.ValueKind != JsonValueKind.Object ? (Verdict.Fail, $"the next request got {next.Describe()}")
                : Findings.Should(refused.ErrorCode == ErrorCodes.ParseError || (!probe.IsHttp && !refused.IsAnswered), $"expected error -32700, got {refused.Describe()}");
        }).ConfigureAwait(false);
    }

    private async Task ListsAsync(CancellationToken cancellationToken)
    {
        foreach (var method in CachedLists)
        {
            var capability = method[..method.IndexOf('/', StringComparison.Ordinal)];
            await findings.AddAsync($"stateless.{method.Replace('/', '-')}", $"{Version} caching", $"{method} has resultType, ttlMs and cacheScope, or is unknown where not offered", async () =>
            {
                var reply = await AskAsync(method, "", cancellationToken).ConfigureAwait(false);
                return !Offers(capability)
                    ? NotFound(reply)
                    : Findings.Must(reply.Find("resultType").ToString() == "complete" && HasCacheHints(reply), $"resultType \"complete\", ttlMs (an integer of 0 or more) and cacheScope are required; got {reply.Describe()}");
            }).ConfigureAwait(false);
        }

        await findings.AddAsync("stateless.tools-order", $"{Version} tools", "Lists tools in the same order every time", async () =>
        {
            if (!Offers("tools"))
            {
                return Findings.Skip("it has no tools");
            }

            var first = await AskAsync("tools/list", "", cancellationToken).ConfigureAwait(false);
            var second = await AskAsync("tools/list", "", cancellationToken).ConfigureAwait(false);
            return Findings.Should(ToolRules.Names(first.Result).SequenceEqual(ToolRules.Names(second.Result)), "two lists differ");
        }).ConfigureAwait(false);
        await findings.AddAsync("stateless.tools-definitions", $"{Version} tools", "Every tool has a name and an input schema of type object, and sound header annotations", async () =>
            Offers("tools") ? ToolRules.Judge((await AskAsync("tools/list", "", cancellationToken).ConfigureAwait(false)).Result) : Findings.Skip("it has no tools")).ConfigureAwait(false);
        await findings.AddAsync("stateless.bad-cursor", $"{Version} pagination", "Refuses a cursor that it never gave with -32602", async () =>
        {
            if (!Offers("tools"))
            {
                return Findings.Skip("it has no tools");
            }

            var reply = await AskAsync("tools/list", "\"cursor\":\"peregrine-no-such-cursor\",", cancellationToken).ConfigureAwait(false);
            return Findings.Should(reply.ErrorCode == ErrorCodes.InvalidParams, $"expected error -32602, got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("stateless.listen", $"{Version} subscriptions", "Acknowledges a subscription first, with its id", async () =>
        {
            var offered = _discovered.Find("capabilities", "tools", "listChanged").ValueKind == JsonValueKind.True;
            var id = _id + 1;
            var reply = await AskAsync("subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true},", cancellationToken).ConfigureAwait(false);
            if (!offered)
            {
                return Findings.Skip("tools.listChanged is not advertised");
            }

            return Findings.Must(
                reply.Before is [var first, ..] && first.TryGetProperty("method", out var method) && method.ToString() == "notifications/subscriptions/acknowledged"
                    && ProbeReply.Find(first, "params", "_meta", "io.modelcontextprotocol/subscriptionId") is { ValueKind: not JsonValueKind.Undefined } of && of.GetRawText() == $"{id}",
                $"the first message must be notifications/subscriptions/acknowledged with the request's id; got {reply.Describe()}");
        }).ConfigureAwait(false);
    }

    private static string[] Texts(JsonElement array) =>
        array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => one.GetString()!)] : [];

    private bool Offers(string capability) => _discovered.Find("capabilities", capability).ValueKind == JsonValueKind.Object;

    private (Verdict Verdict, string Detail) NotFound(ProbeReply reply) => Findings.Must(
        reply.ErrorCode == ErrorCodes.MethodNotFound && (!probe.IsHttp || reply.Status == 404),
        $"expected {(probe.IsHttp ? "HTTP 404 with " : "")}error -32601, got {reply.Describe()}");

    private static bool HasCacheHints(ProbeReply reply) =>
        reply.Find("ttlMs") is { ValueKind: JsonValueKind.Number } ttl && ttl.TryGetInt64(out var milliseconds) && milliseconds >= 0 && reply.Find("cacheScope").ToString() is "public" or "private";

    private Task<ProbeReply> AskAsync(string method, string members, CancellationToken cancellationToken, string? name = null) =>
        SendAsync(method, $"{{{members}{Meta}}}", Headers(method, name), cancellationToken);

    private Task<ProbeReply> SendAsync(string method, string parameters, Dictionary<string, string> headers, CancellationToken cancellationToken) =>
        probe.SendAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{++_id},\"method\":\"{method}\",\"params\":{parameters}}}", headers, cancellationToken);

    private static Dictionary<string, string> Headers(string method, string? name = null, string version = Version)
    {
        Dictionary<string, string> headers = new() { [McpHeaderNames.ProtocolVersion] = version, [McpHeaderNames.Method] = method };
        if (name is not null)
        {
            headers[McpHeaderNames.Name] = name;
        }

        return headers;
    }
}
