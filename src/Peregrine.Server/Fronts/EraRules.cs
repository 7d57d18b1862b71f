using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Compat.Logging;

namespace Peregrine.Server.Fronts;

/// <summary>What decides, for every front alike, under which revision a message is answered and whether that revision has its method.</summary>
public static class EraRules
{
    /// <summary>
    /// Judges a request of the stateless era: <c>_meta</c> must carry version and capabilities, and the version must be one of that era (2026-07-28, requests).
    /// </summary>
    /// <param name="exchange">Receives the error where there is one.</param>
    /// <param name="version">The revision.</param>
    /// <returns>False where the request was answered with an error.</returns>
    public static bool TryJudgeStateless(McpExchange exchange, out ProtocolVersion version)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body.Span;
        version = ProtocolVersion.Unknown;
        if (!JsonText.IsString(envelope.MetaVersion.Of(body)))
        {
            exchange.FailRequest(ErrorCodes.InvalidParams,
                "Invalid params: params._meta[\"io.modelcontextprotocol/protocolVersion\"] is required and must be a string");
            return false;
        }

        if (!JsonText.IsObject(envelope.ClientCapabilities.Of(body)))
        {
            exchange.FailRequest(ErrorCodes.InvalidParams,
                "Invalid params: params._meta[\"io.modelcontextprotocol/clientCapabilities\"] is required and must be an object");
            return false;
        }

        if (envelope.LogLevel.IsPresent && !LogLevels.TryRead(envelope.LogLevel.Of(body), out _))
        {
            exchange.FailRequest(ErrorCodes.InvalidParams, $"Invalid params: params._meta[\"io.modelcontextprotocol/logLevel\"] must be {LogLevels.Allowed}");
            return false;
        }

        version = ParseVersion(envelope.MetaVersion.Of(body));
        if (version.Era() == ProtocolEra.Stateless)
        {
            return true;
        }

        FailUnsupported(exchange, envelope.MetaVersion.Of(body));
        return false;
    }

    /// <summary>Agrees on a revision with a client that sends <c>initialize</c>; the request was answered with an error where it names none (lifecycle, version negotiation).</summary>
    internal static bool TryNegotiate(McpExchange exchange, out ProtocolVersion version)
    {
        var requested = exchange.Envelope.InitializeVersion.Of(exchange.Body.Span);
        version = ProtocolVersions.NegotiateInitialize(ParseVersion(requested));
        if (JsonText.IsString(requested))
        {
            return true;
        }

        exchange.FailRequest(ErrorCodes.InvalidParams, "Invalid params: \"protocolVersion\" is required and must be a string");
        return false;
    }

    /// <summary>True where the method exists in the era; else the request was answered with -32601.</summary>
    public static bool TryJudgeMethod(McpExchange exchange, ProtocolEra era)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (Exists(exchange.Method, era))
        {
            return true;
        }

        FailMethod(exchange);
        return false;
    }

    /// <summary>Answers -32601.</summary>
    public static void FailMethod(McpExchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        _ = JsonText.TryGetString(exchange.Envelope.MethodName.Of(exchange.Body.Span), out var name);
        exchange.Fail(ErrorCodes.MethodNotFound, $"Method not found: {Shorten(name ?? "")}");
    }

    /// <summary>Answers -32022 with the versions that are supported.</summary>
    /// <param name="exchange">Receives the error.</param>
    /// <param name="requested">What was asked for, a raw JSON string.</param>
    public static void FailUnsupported(McpExchange exchange, ReadOnlySpan<byte> requested)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        using var data = new PooledByteWriter(128);
        data.Write("{\"supported\":"u8);
        data.Write(ProtocolVersions.SupportedJson);
        data.Write(",\"requested\":"u8);
        data.Write(requested.Length <= 66 ? requested : "\"(too long)\""u8);
        data.WriteByte((byte)'}');
        exchange.FailRequest(ErrorCodes.UnsupportedProtocolVersion, "Unsupported protocol version", data.WrittenSpan);
    }

    /// <summary>The revision that a raw JSON string names.</summary>
    public static ProtocolVersion ParseVersion(ReadOnlySpan<byte> raw)
    {
        Span<byte> buffer = stackalloc byte[64];
        return JsonText.TryGetContent(raw, buffer, out var content) ? ProtocolVersions.Parse(content) : ProtocolVersion.Unknown;
    }

    /// <summary>True where a client of <paramref name="era"/> may send <paramref name="method"/> to a server.</summary>
    public static bool Exists(McpMethod method, ProtocolEra era) => method switch
    {
        McpMethod.ToolsCall or McpMethod.ToolsList or McpMethod.ResourcesList or McpMethod.ResourcesTemplatesList or McpMethod.ResourcesRead
            or McpMethod.PromptsList or McpMethod.PromptsGet or McpMethod.CompletionComplete => true,
        McpMethod.ServerDiscover or McpMethod.SubscriptionsListen or McpMethod.TasksGet or McpMethod.TasksUpdate or McpMethod.TasksCancel
            => era == ProtocolEra.Stateless,
        McpMethod.Initialize or McpMethod.Ping or McpMethod.LoggingSetLevel or McpMethod.ResourcesSubscribe or McpMethod.ResourcesUnsubscribe
            => era == ProtocolEra.Session,
        _ => false,
    };

    internal static string Shorten(string text) => text.Length <= 128 ? text : string.Concat(text.AsSpan(0, 128), "…");
}
