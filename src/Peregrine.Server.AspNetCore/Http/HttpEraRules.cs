using Microsoft.AspNetCore.Http;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.AspNetCore.Http;

/// <summary>
/// Decides under which revision a POST is answered. The order of the checks is the one that the official suite assumes: _meta, header against _meta, version, mirrored headers,
/// method (2026-07-28, Streamable HTTP).
/// </summary>
internal static class HttpEraRules
{
    /// <summary>Judges a scanned message.</summary>
    /// <returns>False where the request was answered with an error.</returns>
    internal static bool TryJudge(HttpExchange exchange, IHeaderDictionary headers, HttpSessions? sessions)
    {
        var header = headers[McpHeaderNames.ProtocolVersion];
        var version = header.Count == 0 ? ProtocolVersion.Unknown : ProtocolVersions.Parse(header.ToString().AsSpan().Trim());
        if (header.Count > 0 && (version == ProtocolVersion.Unknown || version.Era() == ProtocolEra.Stateless))
        {
            return TryJudgeStateless(exchange, headers, version);
        }

        return TryJudgeSession(exchange, headers, version, sessions);
    }

    private static bool TryJudgeSession(HttpExchange exchange, IHeaderDictionary headers, ProtocolVersion version, HttpSessions? sessions)
    {
        ref readonly var envelope = ref exchange.Envelope;
        if (envelope.HasStatelessMeta)
        {
            exchange.Answer(ProtocolVersions.Latest);
            exchange.FailRequest(ErrorCodes.HeaderMismatch, version == ProtocolVersion.Unknown
                ? "Header mismatch: the header MCP-Protocol-Version is required with this _meta"
                : "Header mismatch: MCP-Protocol-Version differs from the protocol version in _meta");
            return false;
        }

        // Without the header a server may assume 2025-03-26 (2025-06-18 and later, protocol version header).
        exchange.Answer(version == ProtocolVersion.Unknown ? ProtocolVersion.V2025_03_26 : version);
        if (exchange.Method == McpMethod.Initialize && exchange.IsRequest)
        {
            if (!EraRules.TryNegotiate(exchange, out var negotiated))
            {
                return false;
            }

            exchange.Answer(negotiated);
        }
        else if (headers[McpHeaderNames.SessionId] is { Count: > 0 } id && !SessionRules.TryJoin(exchange, sessions, id.ToString(), version))
        {
            return false;
        }

        return !exchange.IsRequest || EraRules.TryJudgeMethod(exchange, ProtocolEra.Session);
    }

    private static bool TryJudgeStateless(HttpExchange exchange, IHeaderDictionary headers, ProtocolVersion version)
    {
        exchange.Answer(ProtocolVersions.Latest);
        if (!exchange.IsRequest)
        {
            return true;
        }

        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body.Span;
        var declared = EraRules.TryJudgeStateless(exchange, out var metaVersion);
        if (!declared && exchange.ErrorCode == ErrorCodes.InvalidParams)
        {
            return false;
        }

        if (!HeaderValue.Matches(headers[McpHeaderNames.ProtocolVersion].ToString(), JsonContent(envelope.MetaVersion.Of(body), stackalloc byte[64])))
        {
            exchange.FailRequest(ErrorCodes.HeaderMismatch, "Header mismatch: MCP-Protocol-Version differs from the protocol version in _meta");
            return false;
        }

        if (!declared)
        {
            return false;
        }

        exchange.Answer(metaVersion == version ? version : ProtocolVersions.Latest);
        return TryJudgeMirrors(exchange, headers) && EraRules.TryJudgeMethod(exchange, ProtocolEra.Stateless);
    }

    // Mcp-Method and Mcp-Name mirror the body, so that what stands in between can route without reading it; both must agree.
    private static bool TryJudgeMirrors(HttpExchange exchange, IHeaderDictionary headers)
    {
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body.Span;
        if (!Mirrors(headers[McpHeaderNames.Method], envelope.MethodName.Of(body)))
        {
            exchange.FailRequest(ErrorCodes.HeaderMismatch, "Header mismatch: the header Mcp-Method is required and must equal the method in the body");
            return false;
        }

        var named = exchange.Method switch
        {
            McpMethod.ToolsCall or McpMethod.PromptsGet => envelope.Name,
            McpMethod.ResourcesRead => envelope.Uri,
            McpMethod.TasksGet or McpMethod.TasksUpdate or McpMethod.TasksCancel => envelope.TaskId,
            _ => default,
        };
        if (named.IsPresent && !Mirrors(headers[McpHeaderNames.Name], named.Of(body)))
        {
            exchange.FailRequest(ErrorCodes.HeaderMismatch, "Header mismatch: the header Mcp-Name is required and must equal the name in the body");
            return false;
        }

        return true;
    }

    private static bool Mirrors(Microsoft.Extensions.Primitives.StringValues header, ReadOnlySpan<byte> raw)
    {
        if (header.Count != 1)
        {
            return false;
        }

        // A value that does not fit is unescaped on the heap: rare, and bounded by the message.
        Span<byte> buffer = raw.Length <= 512 ? stackalloc byte[512] : new byte[raw.Length];
        return JsonText.TryGetContent(raw, buffer, out var content) && HeaderValue.Matches(header.ToString(), content);
    }

    private static ReadOnlySpan<byte> JsonContent(ReadOnlySpan<byte> raw, Span<byte> buffer) =>
        JsonText.TryGetContent(raw, buffer, out var content) ? content : default;
}
