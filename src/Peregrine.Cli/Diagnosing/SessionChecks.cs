using System.Text.Json;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;

namespace Peregrine.Cli.Diagnosing;

/// <summary>The checks of the session era (2024-11-05 to 2025-11-25), in its last revision.</summary>
internal sealed class SessionChecks(IProbe probe, Findings findings)
{
    private const string Version = "2025-11-25";

    private int _id;
    private ProbeReply _initialized = ProbeReply.Nothing;
    private string? _session;
    private string _version = Version;

    /// <summary>Runs all; false where the server does not speak this era.</summary>
    internal async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        _initialized = await InitializeAsync(Version, cancellationToken).ConfigureAwait(false);
        if (_initialized.Find("protocolVersion").ValueKind != JsonValueKind.String)
        {
            await findings.AddAsync("session.initialize", $"{Version} lifecycle", "Speaks the session era",
                () => Task.FromResult(Findings.Skip($"initialize gave {_initialized.Describe()}"))).ConfigureAwait(false);
            return false;
        }

        _version = _initialized.Find("protocolVersion").GetString()!;
        _session = _initialized.Session;
        await findings.AddAsync("session.initialize", $"{Version} lifecycle", "Answers initialize with a known version, capabilities and its name", () => Task.FromResult(Findings.Must(
            ProtocolVersions.Parse(_version).Era() == ProtocolEra.Session && _initialized.Find("capabilities").ValueKind == JsonValueKind.Object
                && _initialized.Find("serverInfo", "name").ValueKind == JsonValueKind.String && _initialized.Find("serverInfo", "version").ValueKind == JsonValueKind.String,
            $"version \"{_version}\"; capabilities and serverInfo with name and version are required"))).ConfigureAwait(false);
        await probe.SendAsync("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", Headers(), cancellationToken).ConfigureAwait(false);
        await BasicsAsync(cancellationToken).ConfigureAwait(false);
        await OffersAsync(cancellationToken).ConfigureAwait(false);
        if (probe is HttpProbe http)
        {
            await HttpAsync(http, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task BasicsAsync(CancellationToken cancellationToken)
    {
        await findings.AddAsync("session.ping", $"{Version} ping", "Answers ping with an empty result", async () =>
        {
            var reply = await AskAsync("ping", "{}", cancellationToken).ConfigureAwait(false);
            return Findings.Must(reply.Result.ValueKind == JsonValueKind.Object, $"got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("session.unknown-method", $"{Version} base protocol", "Answers an unknown method with -32601", async () =>
        {
            var reply = await AskAsync("peregrine/no-such-method", "{}", cancellationToken).ConfigureAwait(false);
            return Findings.Must(reply.ErrorCode == ErrorCodes.MethodNotFound, $"expected error -32601, got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("session.malformed-params", $"{Version} base protocol", "Refuses params that are no object, and lives on", async () =>
        {
            var refused = await AskAsync("tools/call", "[1,2]", cancellationToken).ConfigureAwait(false);
            var next = await AskAsync("ping", "{}", cancellationToken).ConfigureAwait(false);
            return next.Result.ValueKind != JsonValueKind.Object ? (Verdict.Fail, $"the next request got {next.Describe()}")
                : Findings.Should(refused.ErrorCode is ErrorCodes.InvalidParams or ErrorCodes.InvalidRequest, $"expected error -32602 or -32600, got {refused.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("session.malformed-json", $"{Version} base protocol", "Survives what is no JSON", async () =>
        {
            var refused = await probe.SendAsync("{\"jsonrpc\":\"2.0\",\"id\":1,", Headers(), cancellationToken).ConfigureAwait(false);
            var next = await AskAsync("ping", "{}", cancellationToken).ConfigureAwait(false);
            return next.Result.ValueKind != JsonValueKind.Object ? (Verdict.Fail, $"the next request got {next.Describe()}")
                : Findings.Should(refused.ErrorCode == ErrorCodes.ParseError || (!probe.IsHttp && !refused.IsAnswered), $"expected error -32700, got {refused.Describe()}");
        }).ConfigureAwait(false);
    }

    private async Task OffersAsync(CancellationToken cancellationToken)
    {
        foreach (var (method, capability) in new[] { ("tools/list", "tools"), ("resources/list", "resources"), ("prompts/list", "prompts") })
        {
            await findings.AddAsync($"session.{method.Replace('/', '-')}", $"{Version} capabilities", $"{method} works where {capability} are advertised, and only there", async () =>
            {
                var reply = await AskAsync(method, "{}", cancellationToken).ConfigureAwait(false);
                return Offers(capability)
                    ? Findings.Must(reply.Find(capability).ValueKind == JsonValueKind.Array, $"got {reply.Describe()}")
                    : Findings.Should(reply.ErrorCode == ErrorCodes.MethodNotFound, $"expected error -32601, got {reply.Describe()}");
            }).ConfigureAwait(false);
        }

        await findings.AddAsync("session.tools-definitions", $"{Version} tools", "Every tool has a name and an input schema of type object", async () =>
            Offers("tools") ? ToolRules.Judge((await AskAsync("tools/list", "{}", cancellationToken).ConfigureAwait(false)).Result) : Findings.Skip("it has no tools")).ConfigureAwait(false);
        await findings.AddAsync("session.unknown-tool", $"{Version} tools", "Answers a call of a tool that does not exist with an error", async () =>
        {
            if (!Offers("tools"))
            {
                return Findings.Skip("it has no tools");
            }

            var reply = await AskAsync("tools/call", "{\"name\":\"peregrine-no-such-tool\",\"arguments\":{}}", cancellationToken).ConfigureAwait(false);
            return reply.ErrorCode is not null ? Findings.Pass
                : Findings.Should(false, reply.Find("isError").ValueKind == JsonValueKind.True ? "it answers with isError, where a protocol error (-32602) says it better" : $"got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("session.bad-cursor", $"{Version} pagination", "Refuses a cursor that it never gave with -32602", async () =>
        {
            if (!Offers("tools"))
            {
                return Findings.Skip("it has no tools");
            }

            var reply = await AskAsync("tools/list", "{\"cursor\":\"peregrine-no-such-cursor\"}", cancellationToken).ConfigureAwait(false);
            return Findings.Should(reply.ErrorCode == ErrorCodes.InvalidParams, $"expected error -32602, got {reply.Describe()}");
        }).ConfigureAwait(false);
    }

    private async Task HttpAsync(HttpProbe http, CancellationToken cancellationToken)
    {
        const string Section = $"{Version} Streamable HTTP";
        await findings.AddAsync("session.version-negotiation", $"{Version} lifecycle", "Offers a version of its own where it does not know the client's", async () =>
        {
            var reply = await InitializeAsync("1999-01-01", cancellationToken).ConfigureAwait(false);
            var offered = reply.Find("protocolVersion").ToString();
            return Findings.Must(reply.ErrorCode is not null || ProtocolVersions.Parse(offered) != ProtocolVersion.Unknown, $"it agreed to \"{offered}\"");
        }).ConfigureAwait(false);
        await findings.AddAsync("session.unknown-session", Section, "Answers a session that does not exist with HTTP 404", async () =>
        {
            if (_session is null)
            {
                return Findings.Skip("it has no sessions");
            }

            var headers = Headers();
            headers[McpHeaderNames.SessionId] = "00000000-0000-0000-0000-000000000000";
            var reply = await probe.SendAsync("{\"jsonrpc\":\"2.0\",\"id\":90,\"method\":\"ping\"}", headers, cancellationToken).ConfigureAwait(false);
            return Findings.Must(reply.Status == 404, $"got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("session.foreign-origin", Section, "Refuses a foreign Origin with HTTP 403", async () =>
        {
            var headers = Headers();
            headers["Origin"] = "http://evil.example.com";
            var reply = await probe.SendAsync("{\"jsonrpc\":\"2.0\",\"id\":91,\"method\":\"ping\"}", headers, cancellationToken).ConfigureAwait(false);
            return Findings.Must(reply.Status is >= 400 and < 500, $"any page in a browser could call this server: got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("session.end", Section, "Ends a session on DELETE, or says that it does not (405)", async () =>
        {
            if (_session is null)
            {
                return Findings.Skip("it has no sessions");
            }

            var reply = await http.SendAsync(HttpMethod.Delete, null, Headers(), cancellationToken).ConfigureAwait(false);
            if (reply.Status == 405)
            {
                return Findings.Pass;
            }

            var after = await probe.SendAsync("{\"jsonrpc\":\"2.0\",\"id\":92,\"method\":\"ping\"}", Headers(), cancellationToken).ConfigureAwait(false);
            return Findings.Must(reply.Status is >= 200 and < 300 && after.Status == 404, $"DELETE got HTTP {reply.Status}, the next request {after.Describe()}");
        }).ConfigureAwait(false);
    }

    private bool Offers(string capability) => _initialized.Find("capabilities", capability).ValueKind == JsonValueKind.Object;

    private Task<ProbeReply> InitializeAsync(string version, CancellationToken cancellationToken) => probe.SendAsync(
        $"{{\"jsonrpc\":\"2.0\",\"id\":{++_id},\"method\":\"initialize\",\"params\":{{\"protocolVersion\":\"{version}\",\"capabilities\":{{}},\"clientInfo\":{{\"name\":\"peregrine-doctor\",\"version\":\"1\"}}}}}}",
        new Dictionary<string, string>(),
        cancellationToken);

    private Task<ProbeReply> AskAsync(string method, string parameters, CancellationToken cancellationToken) =>
        probe.SendAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{++_id},\"method\":\"{method}\",\"params\":{parameters}}}", Headers(), cancellationToken);

    private Dictionary<string, string> Headers()
    {
        Dictionary<string, string> headers = new() { [McpHeaderNames.ProtocolVersion] = _version };
        if (_session is not null)
        {
            headers[McpHeaderNames.SessionId] = _session;
        }

        return headers;
    }
}
