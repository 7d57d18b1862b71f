using System.Globalization;

namespace Peregrine.Bench.Peers.Workload;

/// <summary>The messages that are sent: the same to every target.</summary>
internal static class Messages
{
    /// <summary>What is echoed. Nothing in it needs escaping in JSON, so that it can be looked for as bytes.</summary>
    public const string EchoText = "a falcon at the top of its dive";

    /// <summary>Written in the place of the id where a message is a template.</summary>
    public const string IdPlaceholder = "$ID";

    private const string ClientInfo = "{\"name\":\"peregrine-bench\",\"version\":\"1.0\"}";

    private const string Meta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":" + ClientInfo +
        ",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    public const string Initialized = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";

    /// <summary>The protocol version of an era as it stands on the wire.</summary>
    public static string VersionOf(Era era) => era == Era.Session ? "2025-11-25" : "2026-07-28";

    /// <summary>What a client says first: <c>initialize</c>, or <c>server/discover</c>.</summary>
    public static string Opening(Era era, int id) => era == Era.Session
        ? WithId("{\"jsonrpc\":\"2.0\",\"id\":$ID,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":" + ClientInfo + "}}", id)
        : WithId("{\"jsonrpc\":\"2.0\",\"id\":$ID,\"method\":\"server/discover\",\"params\":{" + Meta + "}}", id);

    /// <summary>A call of <c>echo</c> with <see cref="IdPlaceholder"/> for its id.</summary>
    public static string EchoTemplate(Era era) =>
        "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"message\":\"" + EchoText + "\"}" +
        (era == Era.Session ? "}}" : "," + Meta + "}}");

    /// <summary>A <c>tools/list</c>.</summary>
    public static string List(Era era, int id) =>
        WithId("{\"jsonrpc\":\"2.0\",\"id\":$ID,\"method\":\"tools/list\",\"params\":{" + (era == Era.Session ? "" : Meta) + "}}", id);

    /// <summary>The reply to <c>echo</c> as a floor program writes it when no server of ours can be asked for one.</summary>
    public static string EchoReplyTemplate(Era era) =>
        "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"" + EchoText + "\"}]" +
        (era == Era.Session ? "}}" : ",\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"peregrine-sample\",\"version\":\"0.1.0\"}}}}");

    public static string WithId(string template, int id) =>
        template.Replace(IdPlaceholder, id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
