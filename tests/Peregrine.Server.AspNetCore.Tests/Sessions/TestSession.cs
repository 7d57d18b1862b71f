using System.Net;
using System.Text.Json;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>The client's end of a session.</summary>
internal sealed class TestSession(TestSite site, string id, string version)
{
    internal string Id => id;

    internal static string Initialize(string version, string capabilities = "{}") =>
        $$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"{{{version}}}","capabilities":{{{capabilities}}},"clientInfo":{"name":"t","version":"1"} } }""";

    internal static async Task<TestSession> OpenAsync(TestSite site, string version = "2025-11-25", string capabilities = "{}")
    {
        using var response = await site.Client.SendAsync(AsConfigured(TestSite.Post(Initialize(version, capabilities)), site));
        var reply = await response.JsonAsync();
        Assert.Equal(version, reply.GetProperty("result").GetProperty("protocolVersion").GetString());
        return new TestSession(site, Assert.Single(response.Headers.GetValues("Mcp-Session-Id")), version);
    }

    // A client's defaults do not hold for requests that are made by hand.
    private static HttpRequestMessage AsConfigured(HttpRequestMessage request, TestSite site)
    {
        request.Version = site.Client.DefaultRequestVersion;
        request.VersionPolicy = site.Client.DefaultVersionPolicy;
        return request;
    }

    /// <summary>The same session as another client sees it.</summary>
    internal TestSession At(TestSite other) => new(other, id, version);

    internal HttpRequestMessage Request(string body) => AsConfigured(TestSite.Post(body, ("Mcp-Session-Id", id), ("MCP-Protocol-Version", version)), site);

    internal Task<HttpResponseMessage> PostAsync(string body) => site.Client.SendAsync(Request(body), HttpCompletionOption.ResponseHeadersRead);

    /// <summary>Calls a tool that answers with JSON.</summary>
    internal async Task<JsonElement> CallAsync(string tool, string arguments = "{}", string meta = "{}", string callId = "1")
    {
        using var response = await PostAsync(TestSite.SessionCall(tool, arguments, meta, callId));
        return await response.JsonAsync();
    }

    /// <summary>Calls a tool that answers with a stream.</summary>
    internal async Task<TestStream> StreamAsync(string tool, string meta = """{"progressToken":"p"}""", string callId = "1") =>
        await TestStream.OpenAsync(await PostAsync(TestSite.SessionCall(tool, "{}", meta, callId)));

    internal async Task<HttpResponseMessage> GetAsync(string? lastEventId = null, string accept = "text/event-stream")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Mcp-Session-Id", id);
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", version);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return await site.Client.SendAsync(AsConfigured(request, site), HttpCompletionOption.ResponseHeadersRead);
    }

    internal async Task<TestStream> ReadAsync(string? lastEventId = null) => await TestStream.OpenAsync(await GetAsync(lastEventId));

    internal async Task<HttpStatusCode> DeleteAsync()
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, "/mcp");
        request.Headers.TryAddWithoutValidation("Mcp-Session-Id", id);
        using var response = await site.Client.SendAsync(request);
        return response.StatusCode;
    }
}
