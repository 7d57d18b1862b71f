using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Conformance.Tests.Wire;

/// <summary>Requests of one revision over HTTP, without a session.</summary>
internal sealed class HttpRequests(Uri endpoint, string revision) : IDisposable
{
    internal const string BothKinds = "application/json, text/event-stream";

    /// <summary>The id of every request.</summary>
    internal const string Id = "asked";

    private readonly HttpClient _http = new();

    internal bool IsStateless { get; } = revision == "2026-07-28";

    /// <summary>Sends a request and gives the answer as soon as its headers are there.</summary>
    /// <param name="method">The method.</param>
    /// <param name="members">Members of <c>params</c>, such as <c>"name":"x"</c>.</param>
    /// <param name="meta">Members of <c>_meta</c>; those that the revision demands are added.</param>
    /// <param name="accept">The kinds of answer that are taken.</param>
    internal async Task<HttpResponseMessage> SendAsync(string method, string members = "", string meta = "", string accept = BothKinds)
    {
        var metaMembers = Join(IsStateless ? Messages.Meta[1..^1] : "", meta);
        var parameters = "{" + Join(members, metaMembers.Length > 0 ? $$"""
            "_meta":{{{metaMembers}}}
            """ : "") + "}";
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = new StringContent(Messages.Request(method, $"\"{Id}\"", parameters), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.Add("MCP-Protocol-Version", revision);
        if (IsStateless)
        {
            request.Headers.Add("Mcp-Method", method);
            if (Named(parameters) is { } name)
            {
                request.Headers.Add("Mcp-Name", name);
            }
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Sends a request and gives the reply, which must be one JSON object.</summary>
    internal async Task<JsonElement> AskAsync(string method, string members = "", string meta = "")
    {
        using var response = await SendAsync(method, members, meta);
        return Json.Parse(await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();

    // What the header Mcp-Name mirrors.
    private static string? Named(string parameters)
    {
        var root = Json.Parse(parameters);
        return root.TryGetProperty("name", out var name) || root.TryGetProperty("uri", out name) ? name.GetString() : null;
    }

    private static string Join(params IEnumerable<string> parts) => string.Join(',', parts.Where(static part => part.Length > 0));
}
