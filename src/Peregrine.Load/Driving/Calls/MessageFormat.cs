using System.Text;
using Peregrine.Load.Workloads;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;

namespace Peregrine.Load.Driving.Calls;

/// <summary>How requests to one target look in one protocol version. Immutable.</summary>
internal sealed class MessageFormat(LoadTarget target, ProtocolVersion version)
{
    private const string ClientInfo = """{"name":"peregrine-bench","version":"0.1.0"}""";

    private const string Meta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":" + ClientInfo
        + ",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private bool IsStateless => version.Era() == ProtocolEra.Stateless;

    /// <summary>A call of an operation.</summary>
    internal RequestTemplate Call(Operation operation, ArgumentTemplate? arguments)
    {
        var method = operation.Kind == OperationKind.Ping && IsStateless ? "server/discover" : operation.Kind.ToMethod();
        var member = operation.Target is null ? "" : $"\"{(operation.Kind == OperationKind.ReadResource ? "uri" : "name")}\":{Quote(operation.Target)}";
        var hasArguments = operation.Kind == OperationKind.CallTool || (operation.Kind == OperationKind.GetPrompt && operation.Arguments is not null);
        var before = hasArguments ? member + ",\"arguments\":" : member;
        var isEmpty = before.Length == 0;
        return Request(method, operation.Target, before, hasArguments ? arguments : null, IsStateless ? (isEmpty ? Meta : "," + Meta) : "");
    }

    /// <summary><c>server/discover</c>, which only the stateless era has.</summary>
    internal RequestTemplate Discover() => Request("server/discover", null, "", null, Meta);

    /// <summary><c>initialize</c>, which only the session era has.</summary>
    internal RequestTemplate Initialize() => Request(
        "initialize", null, $"\"protocolVersion\":\"{version.ToText()}\",\"capabilities\":{{}},\"clientInfo\":{ClientInfo}", null, "");

    /// <summary><c>notifications/initialized</c>.</summary>
    internal RequestTemplate Initialized() => new(
        Head("POST", "notifications/initialized", null, isOpening: false), "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"u8.ToArray(), null, null, []);

    /// <summary><c>subscriptions/listen</c> for one resource, which only the stateless era has.</summary>
    internal RequestTemplate Listen(string uri) =>
        Request("subscriptions/listen", null, $"\"notifications\":{{\"resourceSubscriptions\":[{Quote(uri)}]}}", null, "," + Meta);

    /// <summary><c>resources/subscribe</c>, which only the session era has.</summary>
    internal RequestTemplate Subscribe(string uri) => Request("resources/subscribe", null, $"\"uri\":{Quote(uri)}", null, "");

    /// <summary>The stream of a session over HTTP.</summary>
    internal RequestTemplate Get() => new(Head("GET", null, null, isOpening: false), [], null, null, []);

    /// <summary>The end of a session over HTTP.</summary>
    internal RequestTemplate Delete() => new(Head("DELETE", null, null, isOpening: false), [], null, null, []);

    /// <summary>The header line that names a session.</summary>
    internal static byte[] SessionHeader(ReadOnlySpan<byte> id) => [.. Encoding.ASCII.GetBytes(McpHeaderNames.SessionId), (byte)':', (byte)' ', .. id, (byte)'\r', (byte)'\n'];

    private static string Quote(string text)
    {
        using var writer = new PooledByteWriter();
        JsonStringWriter.WriteString(writer, text);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }

    private RequestTemplate Request(string method, string? name, string parameters, ArgumentTemplate? arguments, string end) => new(
        Head("POST", method, name, isOpening: method == "initialize"),
        "{\"jsonrpc\":\"2.0\",\"id\":"u8.ToArray(),
        Encoding.UTF8.GetBytes($",\"method\":\"{method}\",\"params\":{{{parameters}"),
        arguments,
        Encoding.UTF8.GetBytes(end + "}}"));

    private byte[] Head(string verb, string? method, string? name, bool isOpening)
    {
        if (target.Endpoint is not { } endpoint)
        {
            return [];
        }

        var head = new StringBuilder($"{verb} {endpoint.PathAndQuery} HTTP/1.1\r\nHost: {endpoint.Authority}\r\nAccept: application/json, text/event-stream\r\n");
        if (verb == "POST")
        {
            head.Append("Content-Type: application/json\r\n");
        }

        // Revisions before 2025-06-18 do not know the header; initialize comes before a version is agreed on.
        if (version >= ProtocolVersion.V2025_06_18 && !isOpening)
        {
            head.Append($"{McpHeaderNames.ProtocolVersion}: {version.ToText()}\r\n");
        }

        if (IsStateless && method is not null)
        {
            head.Append($"{McpHeaderNames.Method}: {method}\r\n");
            if (name is not null)
            {
                head.Append($"{McpHeaderNames.Name}: {HeaderValue.Encode(name)}\r\n");
            }
        }

        foreach (var (header, value) in target.Headers)
        {
            head.Append($"{header}: {value}\r\n");
        }

        return Encoding.UTF8.GetBytes(head.ToString());
    }
}
