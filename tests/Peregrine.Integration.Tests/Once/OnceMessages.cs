using System.Globalization;
using System.Text.Json;

namespace Peregrine.Integration.Tests.Once;

/// <summary>The messages of the drill.</summary>
internal static class OnceMessages
{
    internal const string Discover =
        """{"jsonrpc":"2.0","id":0,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""";

    internal static string Call(long id, string tool, string key, int attempt, string epoch, DateTimeOffset first) => string.Create(CultureInfo.InvariantCulture,
        $$$$$"""{"jsonrpc":"2.0","id":{{{{{id}}}}},"method":"tools/call","params":{"name":"{{{{{tool}}}}}","arguments":{"key":"{{{{{key}}}}}"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"mcp_tx":{"version":"0.1.0","request_id":"{{{{{key}}}}}","idempotency_key":"{{{{{key}}}}}","expect_ack":true,"retry_count":{{{{{attempt}}}}},"timestamp":"{{{{{first:yyyy-MM-ddTHH:mm:ss.ffffff}}}}}","epoch":"{{{{{epoch}}}}}"}}}}""");

    internal static string EpochOf(string discovered)
    {
        using var reply = JsonDocument.Parse(discovered);
        return reply.RootElement.GetProperty("result").GetProperty("capabilities").GetProperty("experimental").GetProperty("mcp_tx").GetProperty("epoch").GetString()!;
    }

    internal static string ToolOf(string call)
    {
        const string Before = "\"params\":{\"name\":\"";
        var start = call.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        return call[start..call.IndexOf('"', start)];
    }

    internal static bool TryReadId(string line, out long id)
    {
        const string Before = "{\"jsonrpc\":\"2.0\",\"id\":";
        id = 0;
        return line.StartsWith(Before, StringComparison.Ordinal) && line.EndsWith('}')
            && long.TryParse(line.AsSpan(Before.Length, line.IndexOf(',', Before.Length) - Before.Length), NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
