namespace Peregrine.Server.Tests.Serving;

/// <summary>Texts of messages.</summary>
internal static class Messages
{
    internal const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}""";

    internal const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    internal static string Initialize(string version) =>
        $$$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"{{{{version}}}}","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    internal static string Request(string method, string id = "1", string parameters = "{}") =>
        $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""";

    internal static string Stateless(string method, string id = "1", string? meta = null) => Request(method, id, $$$"""{"_meta":{{{meta ?? Meta}}}}""");

    internal static string Call(string tool, string id = "1", string arguments = "{}") =>
        Request("tools/call", id, $$$"""{"name":"{{{tool}}}","arguments":{{{arguments}}}}""");

    internal static string StatelessCall(string tool, string id = "1", string arguments = "{}") =>
        Request("tools/call", id, $$$"""{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{{{Meta}}}}""");

    internal static string CallWithProgress(string tool, string token, string id = "1") =>
        Request("tools/call", id, $$$"""{"name":"{{{tool}}}","_meta":{"progressToken":{{{token}}}}}""");

    internal static string Listen(string notifications, string id = "1") =>
        Request("subscriptions/listen", id, $$$"""{"notifications":{{{notifications}}},"_meta":{{{Meta}}}}""");

    internal static string Cancel(string id) => $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}""";
}
