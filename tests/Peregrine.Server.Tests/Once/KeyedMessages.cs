using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Once;

/// <summary>Texts of calls with a key.</summary>
internal static class KeyedMessages
{
    internal static string Keyed(string tool, string key, bool stateless, string id = "1", string arguments = "{}", string? requestId = null, int retry = 0) =>
        Raw(tool, $$"""{"version":"0.1.0","idempotency_key":"{{key}}"{{(requestId is null ? "" : $",\"request_id\":\"{requestId}\"")}},"expect_ack":true,"retry_count":{{retry}},"timeout_ms":30000}""",
            stateless, id, arguments);

    internal static string Raw(string tool, string transaction, bool stateless, string id = "1", string arguments = "{}") => Messages.Request("tools/call", id,
        $$$"""{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{{{(stateless ? Messages.Meta[..^1] + "," : "{")}}}"mcp_tx":{{{transaction}}}}}""");

    internal static string Transaction(string key, int retry = 0, string? epoch = null, DateTimeOffset? timestamp = null) =>
        $$"""{"idempotency_key":"{{key}}","retry_count":{{retry}}{{(epoch is null ? "" : $",\"epoch\":\"{epoch}\"")}}{{(timestamp is { } time ? $",\"timestamp\":\"{time:yyyy-MM-ddTHH:mm:ss.ffffff}\"" : "")}}}""";
}
