using System.Runtime.CompilerServices;
using Peregrine.Gateway.Bridging;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;
using Peregrine.Server.Headers;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Gateway.Upstreams;

/// <content>Calls: what is sent once, what may be sent again, and what the caller is told.</content>
internal sealed partial class ConnectedUpstream
{
    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private protected override async ValueTask<RequestOutcome> AnswerAsync(McpExchange exchange, ForwardTarget target)
    {
        if (target.Item?.Item.Headers is { } headers && !headers.TryJudge(exchange))
        {
            return RequestOutcome.Invalid;
        }

        var unread = UnreadCall.Of(exchange);
        var started = _time.GetTimestamp();
        var timeout = target.Timeout > TimeSpan.Zero ? target.Timeout : _configuration.CallTimeout;
        var cancellationToken = exchange.CancellationToken;
        CallRelay? relay = null;
        try
        {
            while (true)
            {
                if ((_pool.Choose() ?? await WaitForConnectionAsync(started, timeout, cancellationToken).ConfigureAwait(false)) is not { } connection)
                {
                    UnreadCall.Identify(exchange);
                    exchange.Fail(ErrorCodes.NoHealthyServer, $"The server \"{Name}\" is not up; the call was not sent. Retry later", "{\"retryable\":true}"u8);
                    return RequestOutcome.Unavailable;
                }

                if (connection.Session is not { } session)
                {
                    continue;
                }

                if (unread is not null && !session.TakesUnread)
                {
                    UnreadCall.Identify(exchange);
                    exchange.Fail(ErrorCodes.NoHealthyServer, $"The server \"{Name}\" has become another meanwhile; the call was not sent. Send it again", "{\"retryable\":true}"u8);
                    return RequestOutcome.Unavailable;
                }

                connection.Enter();
                try
                {
                    relay ??= unread is null ? CallRelay.For(exchange, session.Era, timeout, _time) : CallRelay.ForUnread(exchange, _time);
                    session.Begin(relay);
                    McpReply answer;
                    try
                    {
                        answer = await SendAsync(session, exchange, target, unread, relay, started, timeout, cancellationToken).ConfigureAwait(false);
                    }
                    finally
                    {
                        session.End(relay);
                    }

                    using var reply = answer;
                    if (relay is not null)
                    {
                        await relay.EndAsync().ConfigureAwait(false);
                    }

                    return unread is null ? _bridge.Write(exchange, reply, session.Era, Name) : ReplyBridge.WriteAsItCame(exchange, reply);
                }
                catch (McpTransportException exception) when (WasNotSent(exception) && _time.GetElapsedTime(started) < timeout)
                {
                    // Certainly not run: so it waits for the next session, like a call that came a moment later.
                    NoteError(exception.Message);
                    connection.Break(session, exception.Message);
                }
                catch (McpTransportException exception) when (exception.Fault == TransportFault.TimedOut)
                {
                    connection.Suspect(session);
                    throw;
                }
                finally
                {
                    connection.Leave();
                }
            }
        }
        catch (McpTransportException exception)
        {
            UnreadCall.Identify(exchange);
            return Fail(exchange, exception, timeout);
        }
        catch (OperationCanceledException)
        {
            UnreadCall.Identify(exchange);
            exchange.Fail(ErrorCodes.InternalError, "The call was cancelled");
            return RequestOutcome.Cancelled;
        }
        catch (Exception exception)
        {
            UpstreamLog.CallFailed(_logger, Name, exception);
            UnreadCall.Identify(exchange);
            exchange.Fail(ErrorCodes.InternalError, "Internal error: the gateway failed to answer; its log has the details");
            return RequestOutcome.Error;
        }
        finally
        {
            // The exchange is somebody else's once this method has ended, whatever way it ends.
            if (relay is not null)
            {
                await relay.EndAsync().ConfigureAwait(false);
            }
        }
    }

    private static bool WasNotSent(McpTransportException exception) =>
        !exception.MayHaveRun && exception.Fault is TransportFault.ConnectionLost or TransportFault.Closed or TransportFault.ConnectFailed or TransportFault.SessionLost;

    private ValueTask<McpReply> SendAsync(
        UpstreamSession session, McpExchange exchange, ForwardTarget target, PooledByteWriter? unread, CallRelay? relay, long started, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var remaining = timeout - _time.GetElapsedTime(started);
        var wantsProgress = exchange.Envelope.ProgressToken.IsPresent;
        var options = new SendOptions
        {
            // Zero would mean "without bound".
            Timeout = remaining > TimeSpan.Zero ? remaining : TimeSpan.FromTicks(1),
            Name = exchange.Method is McpMethod.ToolsCall or McpMethod.PromptsGet ? target.Item?.Item.Key : null,
            Headers = session.WantsHeaders ? target.Item?.Item.Headers?.Mirror(exchange.Envelope.Arguments.Of(exchange.Body.Span)) : null,
            // Only with a token: without one the connection would add a _meta of its own to the caller's.
            OnProgress = wantsProgress ? relay?.OnProgress : null,
            OnNotification = relay?.OnNotification ?? session.OnNotification,
            OnRequest = session.ResponderFor(relay),
            OnStreamClosed = session.IsHttp && exchange.Session is not null ? CallStream.OnClosed : null,
            StreamState = exchange,
            MayPoll = session.IsHttp && _loneCaller.Note(exchange.HostContext),
            ProgressToken = wantsProgress ? session.Connection.AllocateProgressToken() : 0,
        };
        return unread is not null ? ((HttpConnection)session.Connection).ForwardAsync(unread.WrittenSpan, exchange.Method.ToUtf8(), options, cancellationToken)
            : CallParameters.SendAsync(session.Connection, exchange, target.Key, target.KeyJson, _conversation.StatelessMeta, options, cancellationToken);
    }

    // Null where there will be none in time.
    private async ValueTask<UpstreamConnection?> WaitForConnectionAsync(long started, TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_pool.Choose() is { } connection)
                {
                    return connection;
                }

                if (IsMember || State is UpstreamState.Failing or UpstreamState.Stopped)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            var remaining = timeout - _time.GetElapsedTime(started);
            if (remaining <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                await changed.WaitAsync(remaining, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }

    // What the transport says may quote the server's standard error, which is for the operator: the caller gets words of the gateway's own.
    private RequestOutcome Fail(McpExchange exchange, McpTransportException exception, TimeSpan timeout)
    {
        NoteError(exception.Message);
        switch (exception.Fault)
        {
            case TransportFault.TimedOut when exception.MayHaveRun:
                exchange.Fail(ErrorCodes.TimedOut, $"The server \"{Name}\" did not answer within {WaitedTime.Describe(timeout)}; the call was cancelled there", "{\"retryable\":false}"u8);
                return RequestOutcome.TimedOut;
            case TransportFault.ReplyTooLong:
                exchange.Fail(ErrorCodes.ResourceExhausted, $"The reply of \"{Name}\" is longer than the gateway takes; ask for less", "{\"retryable\":false}"u8);
                return RequestOutcome.Error;
            case TransportFault.Unauthorized:
                exchange.Fail(ErrorCodes.NoHealthyServer, $"The server \"{Name}\" refuses the gateway's credentials; its operator must correct them", "{\"retryable\":false}"u8);
                return RequestOutcome.Unavailable;
            case TransportFault.InvalidReply:
                exchange.Fail(ErrorCodes.OutcomeUnknown, $"The server \"{Name}\" answered with something that is no reply to the call: the tool may have run or not. It was not sent again", "{\"retryable\":false}"u8);
                return RequestOutcome.Unknown;
            case var _ when exception.MayHaveRun:
                exchange.Fail(ErrorCodes.OutcomeUnknown, $"The connection to \"{Name}\" broke before it answered: the tool may have run or not. It was not sent again", "{\"retryable\":false}"u8);
                return RequestOutcome.Unknown;
            default:
                exchange.Fail(ErrorCodes.NoHealthyServer, $"The server \"{Name}\" could not take the call; it did not run. Retry later", "{\"retryable\":true}"u8);
                return RequestOutcome.Unavailable;
        }
    }
}
