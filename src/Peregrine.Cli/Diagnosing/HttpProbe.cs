using System.Text;
using System.Text.Json;
using Peregrine.Protocol.ServerSentEvents;

namespace Peregrine.Cli.Diagnosing;

/// <summary>Says single messages over HTTP.</summary>
internal sealed class HttpProbe(Uri endpoint, IReadOnlyList<KeyValuePair<string, string>> headers, TimeSpan patience) : IProbe
{
    private const int LongestReply = 16 * 1024 * 1024;

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public bool IsHttp => true;

    public Task<ProbeReply> SendAsync(string body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, body, headers, cancellationToken);

    /// <summary>Sends any HTTP request. The header Content-Type is for the body; Accept has the usual value where it is not given.</summary>
    internal async Task<ProbeReply> SendAsync(HttpMethod method, string? body, IReadOnlyDictionary<string, string> given, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(patience);
        using var request = new HttpRequestMessage(method, endpoint);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", given.GetValueOrDefault("Content-Type", "application/json"));
        }

        request.Headers.TryAddWithoutValidation("Accept", given.GetValueOrDefault("Accept", "application/json, text/event-stream"));
        foreach (var (name, value) in headers.Concat(given).Where(static header => header.Key is not ("Content-Type" or "Accept")))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await SendInTimeAsync(request, time.Token, cancellationToken).ConfigureAwait(false);
        if (response is null)
        {
            return ProbeReply.Nothing;
        }

        var session = response.Headers.TryGetValues("Mcp-Session-Id", out var values) ? values.First() : null;
        List<JsonElement> messages = [];
        try
        {
            await ReadAsync(response, IdOf(body), messages, time.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A stream that stays open, or breaks: what came so far is the answer.
        }

        var reply = messages.FindLastIndex(static message => message.TryGetProperty("result", out _) || message.TryGetProperty("error", out _));
        return new ProbeReply(
            (int)response.StatusCode,
            reply < 0 ? default : messages[reply],
            session,
            [.. messages.Where((_, index) => index != reply)]);
    }

    // A server that does not answer one question may answer the next.
    private async Task<HttpResponseMessage?> SendInTimeAsync(HttpRequestMessage request, CancellationToken time, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, time).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task ReadAsync(HttpResponseMessage response, string? id, List<JsonElement> messages, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            using var whole = new MemoryStream();
            await stream.CopyToAsync(whole, cancellationToken).ConfigureAwait(false);
            Add(messages, whole.ToArray());
            return;
        }

        using var parser = new SseParser(LongestReply);
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) != 0)
        {
            if (TakeEvents(parser, buffer.AsSpan(0, count), id, messages))
            {
                return;
            }
        }
    }

    private static bool TakeEvents(SseParser parser, ReadOnlySpan<byte> bytes, string? id, List<JsonElement> messages)
    {
        while (parser.TryRead(ref bytes, out var sseEvent))
        {
            Add(messages, sseEvent.Data.ToArray());
            if (messages is [.., var last] && last.TryGetProperty("id", out var of) && of.GetRawText() == id && !last.TryGetProperty("method", out _))
            {
                return true;
            }

            // A subscription stays open: its acknowledgement is what was waited for.
            if (messages is [.., var first] && first.TryGetProperty("method", out var method) && method.GetString() == "notifications/subscriptions/acknowledged")
            {
                return true;
            }
        }

        return false;
    }

    private static void Add(List<JsonElement> messages, byte[] json)
    {
        try
        {
            if (json.Length > 0 && JsonElement.Parse(json) is { ValueKind: JsonValueKind.Object } message)
            {
                messages.Add(message);
            }
        }
        catch (JsonException)
        {
            // No message.
        }
    }

    private static string? IdOf(string? body)
    {
        try
        {
            return body is not null && JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } message && message.TryGetProperty("id", out var id) ? id.GetRawText() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
