using System.Net;
using Microsoft.Extensions.Primitives;

namespace Peregrine.Bench.Floors.Forwarding;

/// <summary>
/// What a proxy written with the framework's own parts does for a request, and no more: head and body go on as they come, so does the response. Nothing is read, counted, bounded or kept.
/// </summary>
internal sealed class ForwardingEndpoint(Uri upstream) : IDisposable
{
    // They are about one connection (RFC 9110, section 7.6.1), or are set by the client itself.
    private static readonly HashSet<string> s_ownHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade",
    };

    // The invoker, not HttpClient: that one makes a token source with a timer for each request.
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
    });

    public void Dispose() => _client.Dispose();

    public async Task ForwardAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), new Uri(upstream, context.Request.Path.Value)) { Content = new StreamContent(context.Request.Body) };
        foreach ((string name, StringValues values) in context.Request.Headers)
        {
            if (!s_ownHeaders.Contains(name) && !request.Headers.TryAddWithoutValidation(name, (string?)values))
                request.Content.Headers.TryAddWithoutValidation(name, (string?)values);
        }

        using HttpResponseMessage response = await _client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        CopyHeaders(response.Headers.NonValidated, context.Response);
        CopyHeaders(response.Content.Headers.NonValidated, context.Response);
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static void CopyHeaders(System.Net.Http.Headers.HttpHeadersNonValidated headers, HttpResponse response)
    {
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in headers)
        {
            if (!s_ownHeaders.Contains(name))
                response.Headers[name] = values.ToString();
        }
    }
}
