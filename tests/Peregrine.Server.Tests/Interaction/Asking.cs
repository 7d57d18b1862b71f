using System.Text.Json;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Interaction;

/// <summary>What tests of questions send: calls of a client that can do everything, or as much as they say.</summary>
internal static class Asking
{
    internal const string Everything = """{"elicitation":{"form":{},"url":{}},"sampling":{"tools":{}},"roots":{"listChanged":true}}""";

    internal static string Initialize(string version, string capabilities = Everything) =>
        $$$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"{{{{version}}}}","capabilities":{{{{capabilities}}}},"clientInfo":{"name":"t","version":"1"}}}""";

    internal static string Meta(string capabilities) =>
        $$$$"""{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{{{{capabilities}}}}}""";

    /// <summary>A call of the stateless era.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="responses">Raw <c>inputResponses</c>, or null.</param>
    /// <param name="state">The state, or null.</param>
    /// <param name="capabilities">What the client can do.</param>
    /// <param name="arguments">The arguments.</param>
    internal static string Call(string tool, string? responses = null, string? state = null, string capabilities = Everything, string arguments = "{}") =>
        Messages.Request("tools/call", "1", $"{{\"name\":\"{tool}\",\"arguments\":{arguments}{(responses is null ? "" : $",\"inputResponses\":{responses}")}"
            + $"{(state is null ? "" : $",\"requestState\":\"{state}\"")},\"_meta\":{Meta(capabilities)}}}");

    /// <summary>The open questions of a result, which must be one that asks.</summary>
    internal static JsonElement Questions(this JsonElement reply)
    {
        Assert.Equal("input_required", reply.Result().GetProperty("resultType").GetString());
        return reply.Result().GetProperty("inputRequests");
    }

    internal static string State(this JsonElement reply)
    {
        Assert.Equal("input_required", reply.Result().GetProperty("resultType").GetString());
        return reply.Result().GetProperty("requestState").GetString()!;
    }

    /// <summary>The id of a request of the server, which must be for this method.</summary>
    internal static long RequestId(this JsonElement message, string method)
    {
        Assert.Equal(method, message.GetProperty("method").GetString());
        return message.GetProperty("id").GetInt64();
    }

    internal static string Answer(long id, string result) => $$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}}}""";
}
