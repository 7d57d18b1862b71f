using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <content>What the session era has beside requests: its event stream, its end, cancellation by notification.</content>
public sealed partial class HttpConnection
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Opens the stream on which a server of the session era says what belongs to no request, and keeps it open: it is taken up again where it broke. Does nothing where there is one
    /// already, in the stateless era, and for servers that have none. Returns at once.
    /// </summary>
    public void OpenEventStream()
    {
        if (Version.Era() == ProtocolEra.Session && Interlocked.Exchange(ref _streaming, 1) == 0)
        {
            _ = KeepEventStreamAsync(_closed.Token);
        }
    }

    // Never fails. Ends with the connection, or where the server has no stream or no session any more.
    private async Task KeepEventStreamAsync(CancellationToken closed)
    {
        var last = NewCall(id: 0, default);
        var pause = TimeSpan.Zero;
        try
        {
            while (true)
            {
                var call = NewCall(id: 0, default);
                call.ResumeFrom(last);
                var opened = await ReadEventStreamAsync(call, closed).ConfigureAwait(false);
                if (opened is null)
                {
                    return;
                }

                // A stream that was open is taken up again when the server wants it; one that could not be opened is tried at ever longer distances.
                last = call;
                pause = opened.Value ? call.RetryDelay : TimeSpan.FromTicks(Math.Min(Math.Max(pause.Ticks * 2, call.RetryDelay.Ticks), LongestPause.Ticks));
                await Task.Delay(pause, _options.TimeProvider, closed).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection was closed.
        }
        catch (PeregrineException exception)
        {
            ConnectionLog.StreamEnded(_options.Logger, exception, Peer);
        }
    }

    // True: it was open and has ended. False: it could not be opened this time. Null: there is none.
    private async ValueTask<bool?> ReadEventStreamAsync(HttpCall call, CancellationToken closed)
    {
        try
        {
            using var request = _requests.Create(HttpMethod.Get, "text/event-stream");
            if (call.LastEventId.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("Last-Event-ID", call.LastEventId);
            }

            using var sent = await _sockets.SendAsync(request, Peer, closed).ConfigureAwait(false);
            var status = (int)sent.Response.StatusCode;
            if (status == 404 && _requests.SessionId is not null)
            {
                _ended.TrySetResult();
                return null;
            }

            if (!sent.Response.IsSuccessStatusCode)
            {
                return status is 408 or 409 or 429 or >= 500 and not 501 ? false : null;
            }

            if (!string.Equals(sent.Response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            await ReadStreamAsync(call, sent.Response, closed).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException || (exception is OperationCanceledException && !closed.IsCancellationRequested))
        {
            return call.TakeHeard();
        }
    }

    // In the session era a closed stream means nothing: the server has to be told.
    private void TellCancelled(long id, bool isInitialize)
    {
        if (Version.Era() == ProtocolEra.Session && !isInitialize)
        {
            _ = TellCancelledAsync(id);
        }
    }

    private async Task TellCancelledAsync(long id)
    {
        try
        {
            var content = new PooledContent();
            content.Body.Write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"u8);
            JsonRpcWriter.WriteInteger(content.Body, id);
            content.Body.Write("}}"u8);
            await PostWithoutReplyAsync(content, "notifications/cancelled", FarewellTime, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is PeregrineException or OperationCanceledException)
        {
            ConnectionLog.AnswerNotSent(_options.Logger, exception, Peer);
        }
    }

    private async ValueTask EndSessionAsync()
    {
        if (_requests.SessionId is null || _ended.Task.IsCompleted)
        {
            return;
        }

        try
        {
            using var time = new CancellationTokenSource(FarewellTime, _options.TimeProvider);
            using var request = _requests.Create(HttpMethod.Delete, "application/json");

            // Whatever the answer is (a server may refuse with 405), the session is over on this side.
            using var sent = await _sockets.SendAsync(request, Peer, time.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            ConnectionLog.AnswerNotSent(_options.Logger, exception, Peer);
        }
    }
}
