using System.Net;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.ServerSentEvents;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <content>Requests and their replies.</content>
public sealed partial class HttpConnection
{
    private const int MaxErrorBody = 64 * 1024;
    private const int StreamBuffer = 16 * 1024;

    private async ValueTask<McpReply> ExchangeAsync(
        HttpCall call, long id, PooledContent content, string method, string? name, bool isInitialize, SendOptions options, CancellationToken cancellationToken)
    {
        using var limits = new HttpRequestLimits(options, _options.TimeProvider, cancellationToken, _closed.Token);
        call.MoveWithProgress(limits);
        Interlocked.Increment(ref _inFlight);
        try
        {
            _requests.Compress(content);
            if (!await PostAsync(call, content, method, name, isInitialize, options, limits.Token).ConfigureAwait(false))
            {
                // Refused for its coding, so it was not read: the same once more, plain.
                await PostAsync(call, new PooledContent(content.TakeBody()), method, name, isInitialize, options, limits.Token).ConfigureAwait(false);
            }

            return call.TakeReply() ?? await ResumeAsync(call, options, limits.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            call.TakeReply()?.Dispose();
            if (limits.CallerCancelled || limits.TimedOut)
            {
                TellCancelled(id, isInitialize);
            }

            throw limits.CallerCancelled ? new OperationCanceledException(cancellationToken)
                : limits.Closed ? ClosedHere(mayHaveRun: true)
                : limits.TimedOut ? PendingRequests.TimedOut(options.Timeout, mayHaveRun: true)
                : HttpFailures.Map(exception, Peer);
        }
        finally
        {
            if (Interlocked.Decrement(ref _inFlight) == 0 && _closesWhenIdle)
            {
                _ = DisposeAsync().AsTask();
            }
        }
    }

    // Gives false where the server takes no compressed messages.
    private async ValueTask<bool> PostAsync(
        HttpCall call, PooledContent content, string method, string? name, bool isInitialize, SendOptions options, CancellationToken cancellationToken)
    {
        var request = _requests.CreatePost(content, method, name, options.Headers);
        var refused = false;
        try
        {
            using var sent = await _sockets.SendAsync(request, Peer, cancellationToken).ConfigureAwait(false);
            var response = sent.Response;
            _requests.NoteEncodings(response);
            if (response.StatusCode == HttpStatusCode.UnsupportedMediaType && content.IsCompressed)
            {
                _requests.StopCompressing();
                refused = true;
                return false;
            }

            if (isInitialize && response.IsSuccessStatusCode)
            {
                _requests.KeepSession(response);
            }

            await ReadReplyAsync(call, response, cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            // The message of a refused request is sent again from the same memory.
            if (refused)
            {
                content.TakeBody();
            }

            request.Dispose();
        }
    }

    private async ValueTask ReadReplyAsync(HttpCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            await ReadErrorAsync(call, response, cancellationToken).ConfigureAwait(false);
            return;
        }

        var type = response.Content.Headers.ContentType?.MediaType;
        if (string.Equals(type, "text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            await ReadStreamAsync(call, response, cancellationToken).ConfigureAwait(false);
            return;
        }

        var (body, length) = await BodyReader.ReadAsync(response.Content, _options.MaxMessageLength, Peer, cancellationToken).ConfigureAwait(false);
        if (length < 0)
        {
            throw HttpFailures.TooLong(Peer, _options.MaxMessageLength);
        }

        if (!string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            var excerpt = HttpFailures.Excerpt(body.AsSpan(0, length));
            PooledArrays.Return(body);
            throw HttpFailures.InvalidReply(
                Peer, $"with {(type is null ? "no content type" : $"'{type}'")} instead of JSON or an event stream. {excerpt}", response.StatusCode);
        }

        if (!call.TakeJson(body, length, (int)response.StatusCode))
        {
            throw HttpFailures.InvalidReply(Peer, "the body holds no reply to this request.", response.StatusCode);
        }
    }

    private async ValueTask ReadErrorAsync(HttpCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (body, length) = await BodyReader.ReadAsync(response.Content, MaxErrorBody, Peer, cancellationToken).ConfigureAwait(false);
        length = Math.Max(length, 0);
        var status = (int)response.StatusCode;
        var isSessionLost = status == 404 && _requests.SessionId is not null && Version.Era() == ProtocolEra.Session;
        if (!isSessionLost && status is not (401 or 403) && call.TakeError(body, length, status))
        {
            return;
        }

        var failure = isSessionLost ? HttpFailures.SessionLost(Peer) : HttpFailures.Status(response, body.AsSpan(0, length), Peer);
        PooledArrays.Return(body);
        if (isSessionLost)
        {
            _ended.TrySetResult();
        }

        throw failure;
    }

    // Ends at the reply, or at the end of the stream, whichever comes first.
    private async ValueTask ReadStreamAsync(HttpCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var parser = new SseParser(_options.MaxMessageLength);
        using var stream = await InflatingStream.OpenAsync(response.Content, Peer, cancellationToken).ConfigureAwait(false);
        var buffer = PooledArrays.Rent<byte>(StreamBuffer);
        var found = false;
        call.WasEnded = false;
        int count;
        try
        {
            while (!found && (count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) != 0)
            {
                call.TakeEvents(parser, buffer.AsSpan(0, count), (int)response.StatusCode);
                found = call.HasReply;
            }

            call.WasEnded = !found;
        }
        catch (Exception exception)
        {
            // A stream whose read was aborted may still write into the buffer.
            PooledArrays.Abandon(buffer);
            if (exception is IOException or HttpRequestException && CanResume(call))
            {
                // The stream broke, and the server has numbered its events: the caller takes it up again.
                return;
            }

            throw;
        }

        PooledArrays.Return(buffer);
    }

    private bool CanResume(HttpCall call) => Version.Era() == ProtocolEra.Session && call.LastEventId.Length > 0;

    // 2025-11-25: a server may close the stream before the reply at any time; the client asks again for what follows the last event.
    private async ValueTask<McpReply> ResumeAsync(HttpCall call, SendOptions options, CancellationToken cancellationToken)
    {
        for (var attempt = 0; CanResume(call) && attempt < _options.MaxResumptions; attempt = call.TakeHeard() ? 0 : attempt + 1)
        {
            call.TakeHeard();
            if (call.WasEnded && options.OnStreamClosed is { } closed)
            {
                await closed(options.StreamState, call.RetryDelay, cancellationToken).ConfigureAwait(false);
            }

            await Task.Delay(call.RetryDelay, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            using var request = _requests.Create(HttpMethod.Get, "text/event-stream");
            request.Headers.TryAddWithoutValidation("Last-Event-ID", call.LastEventId);
            using var sent = await _sockets.SendAsync(request, Peer, cancellationToken).ConfigureAwait(false);
            await ReadReplyAsync(call, sent.Response, cancellationToken).ConfigureAwait(false);
            if (call.TakeReply() is { } reply)
            {
                return reply;
            }
        }

        throw new McpTransportException(TransportFault.ConnectionLost, $"The event stream of {Peer} ended before the reply.", mayHaveRun: true);
    }
}
