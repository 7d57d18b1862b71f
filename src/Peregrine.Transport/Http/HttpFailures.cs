using System.Net;
using System.Text;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <summary>Turns what HTTP reports into exceptions that say what happened and whether the call may have run.</summary>
internal static class HttpFailures
{
    private const int ExcerptLength = 200;

    internal static McpTransportException Map(Exception exception, string peer) => exception switch
    {
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError or HttpRequestError.VersionNegotiationError
        } => new McpTransportException(TransportFault.ConnectFailed, $"{peer} cannot be reached: {exception.Message}", mayHaveRun: false, exception),

        // None of our own tokens fired, so it is the handler's connect timeout.
        OperationCanceledException => new McpTransportException(
            TransportFault.ConnectFailed, $"{peer} cannot be reached: connecting took too long.", mayHaveRun: false, exception),
        _ => new McpTransportException(
            TransportFault.ConnectionLost, $"The connection to {peer} broke before the reply was complete: {exception.Message}", mayHaveRun: true, exception),
    };

    /// <summary>For a status that is no success, and a body that is no JSON-RPC error.</summary>
    internal static McpTransportException Status(HttpResponseMessage response, ReadOnlySpan<byte> body, string peer)
    {
        var status = (int)response.StatusCode;
        var excerpt = Excerpt(body);
        var said = excerpt.Length == 0 ? "" : $" It said: {excerpt}";
        var message = status switch
        {
            401 => $"{peer} wants credentials (HTTP 401).{said}",
            403 => $"{peer} refuses these credentials, or this origin (HTTP 403).{said}",
            >= 300 and < 400 =>
                $"{peer} redirects to {response.Headers.Location} (HTTP {status}). Redirects are not followed, so that credentials go nowhere else: connect to that address.",
            _ => $"{peer} answered HTTP {status}.{said}",
        };

        // A refusal of the 400s comes before the call runs, except 408, which some proxies send after they gave up waiting.
        return new McpTransportException(
            status is 401 or 403 ? TransportFault.Unauthorized : TransportFault.HttpStatus,
            message,
            mayHaveRun: status is >= 500 or 408)
        {
            StatusCode = status,
            RetryAfter = response.Headers.RetryAfter?.Delta,
            Challenge = response.Headers.WwwAuthenticate.Count > 0 ? response.Headers.WwwAuthenticate.ToString() : null,
        };
    }

    internal static McpTransportException SessionLost(string peer) => new(
        TransportFault.SessionLost, $"{peer} does not know this session any more (HTTP 404). Open a new one.") { StatusCode = 404 };

    internal static McpTransportException InvalidReply(string peer, string why, HttpStatusCode status) => new(
        TransportFault.InvalidReply, $"{peer} answered HTTP {(int)status}, but {why}", mayHaveRun: true) { StatusCode = (int)status };

    internal static McpTransportException TooLong(string peer, int limit) => new(
        TransportFault.ReplyTooLong, $"The reply of {peer} is longer than {limit} bytes (MaxMessageLength).", mayHaveRun: true);

    /// <summary>The beginning of a body, for people: no control characters, no more than a line.</summary>
    internal static string Excerpt(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, ExcerptLength)]);
        var excerpt = string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        }).Trim();
        return body.Length > ExcerptLength ? excerpt + "…" : excerpt;
    }
}
