using System.Text;
using System.Text.Json;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.AspNetCore.Tests.Sessions;

namespace Peregrine.Server.AspNetCore.Tests.Legacy;

/// <summary>A client of HTTP+SSE, by hand.</summary>
internal sealed class LegacyClient(TestSite site, TestStream stream, string address) : IDisposable
{
    internal string Address => address;

    internal TestStream Stream => stream;

    internal static async Task<LegacyClient> OpenAsync(TestSite site, string path = "/sse")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        var stream = await TestStream.OpenAsync(await site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        var first = await stream.NextAsync();
        Assert.Equal("endpoint", first.Name);
        return new LegacyClient(site, stream, first.Data!);
    }

    internal Task<HttpResponseMessage> PostAsync(string body, string type = "application/json") =>
        site.Client.PostAsync(new Uri(address, UriKind.Relative), new StringContent(body, Encoding.UTF8, type));

    /// <summary>Posts a message, which must be taken.</summary>
    internal async Task SendAsync(string body)
    {
        using var response = await PostAsync(body);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>Posts a message and reads the next one that comes.</summary>
    internal async Task<JsonElement> AskAsync(string body)
    {
        await SendAsync(body);
        return await stream.MessageAsync();
    }

    public void Dispose() => stream.Dispose();
}
