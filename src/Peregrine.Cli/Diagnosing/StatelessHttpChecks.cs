using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Cli.Diagnosing;

/// <summary>The checks of Streamable HTTP in the stateless era (2026-07-28).</summary>
internal sealed class StatelessHttpChecks(HttpProbe probe, Findings findings, string meta)
{
    private const string Section = "2026-07-28 Streamable HTTP";

    private readonly string _list = $"{{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\",\"params\":{{{meta}}}}}";

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await HeaderAsync("http.missing-version", "Refuses a request without MCP-Protocol-Version", static headers => headers.Remove(McpHeaderNames.ProtocolVersion), cancellationToken).ConfigureAwait(false);
        await HeaderAsync("http.version-mismatch", "Refuses a version header that differs from _meta", static headers => headers[McpHeaderNames.ProtocolVersion] = "2025-11-25", cancellationToken).ConfigureAwait(false);
        await HeaderAsync("http.missing-method", "Refuses a request without Mcp-Method", static headers => headers.Remove(McpHeaderNames.Method), cancellationToken).ConfigureAwait(false);
        await HeaderAsync("http.method-mismatch", "Refuses an Mcp-Method that differs from the body", static headers => headers[McpHeaderNames.Method] = "prompts/list", cancellationToken).ConfigureAwait(false);
        await findings.AddAsync("http.name-mismatch", Section, "Refuses an Mcp-Name that differs from the body", async () =>
        {
            var call = $"{{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"tools/call\",\"params\":{{\"name\":\"peregrine-one\",{meta}}}}}";
            var headers = Headers("tools/call");
            headers[McpHeaderNames.Name] = "peregrine-other";
            return Mismatch(await probe.SendAsync(call, headers, cancellationToken).ConfigureAwait(false));
        }).ConfigureAwait(false);
        await findings.AddAsync("http.notification", Section, "Answers a notification with HTTP 202", async () =>
        {
            var notification = $"{{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{{\"requestId\":1,{meta}}}}}";
            var reply = await probe.SendAsync(notification, Headers("notifications/cancelled"), cancellationToken).ConfigureAwait(false);
            return Findings.Must(reply.Status == 202 && !reply.IsAnswered, $"got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("http.foreign-origin", Section, "Refuses a foreign Origin with HTTP 403", async () =>
        {
            var headers = Headers("tools/list");
            headers["Origin"] = "http://evil.example.com";
            var reply = await probe.SendAsync(_list, headers, cancellationToken).ConfigureAwait(false);
            return Findings.Must(reply.Status is >= 400 and < 500, $"any page in a browser could call this server: got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("http.content-type", Section, "Refuses a body that is not called JSON", async () =>
        {
            var headers = Headers("tools/list");
            headers["Content-Type"] = "text/plain";
            var reply = await probe.SendAsync(_list, headers, cancellationToken).ConfigureAwait(false);
            return Findings.Should(reply.Status is >= 400 and < 500, $"a form on any web page could send this: got {reply.Describe()}");
        }).ConfigureAwait(false);
        await findings.AddAsync("http.get", Section, "Answers GET with 405, or with the stream of an older revision", async () =>
        {
            var headers = Headers("tools/list");
            headers["Accept"] = "text/event-stream";
            var reply = await probe.SendAsync(HttpMethod.Get, null, headers, cancellationToken).ConfigureAwait(false);
            return Findings.Must(reply.Status is 405 or 400, $"got HTTP {reply.Status}");
        }).ConfigureAwait(false);
    }

    private Task HeaderAsync(string id, string title, Action<Dictionary<string, string>> change, CancellationToken cancellationToken) => findings.AddAsync(id, Section, title, async () =>
    {
        var headers = Headers("tools/list");
        change(headers);
        return Mismatch(await probe.SendAsync(_list, headers, cancellationToken).ConfigureAwait(false));
    });

    private static (Verdict Verdict, string Detail) Mismatch(ProbeReply reply) =>
        Findings.Must(reply.Status == 400 && reply.ErrorCode == ErrorCodes.HeaderMismatch, $"expected HTTP 400 with error -32020, got {reply.Describe()}");

    private static Dictionary<string, string> Headers(string method) => new() { [McpHeaderNames.ProtocolVersion] = "2026-07-28", [McpHeaderNames.Method] = method };
}
