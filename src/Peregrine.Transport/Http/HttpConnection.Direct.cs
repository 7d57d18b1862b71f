using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http.Direct;

namespace Peregrine.Transport.Http;

/// <content>
/// Requests over sockets of our own. What nearly every call is, one JSON reply of known length, is read here with next to nothing allocated; any other response is read as those of the
/// framework's handler are.
/// </content>
public sealed partial class HttpConnection
{
    // How long, and for how much, the rest of a stream is read whose reply has come, so that its connection can be used again.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);
    private const int MaxDrained = 64 * 1024;

    private static readonly ObjectStack<DirectRequest> Requests = new(64);

    private CommonHead? _commonHead;

    private ValueTask<McpReply> SendDirectly(in OutgoingRequest request, long id, CancellationToken cancellationToken)
    {
        var outgoing = Requests.TryPop() ?? new DirectRequest();
        try
        {
            request.WriteTo(outgoing.Message, id);
            if (_requests.HasEncoding && outgoing.Message.Length > HttpEncodings.Threshold)
            {
                var content = new PooledContent();
                content.Body.Write(outgoing.Message.WrittenSpan);
                var named = Version.Era() == ProtocolEra.Stateless ? request.Options.Name ?? HttpRequests.FindName(content.Body.WrittenSpan) : null;
                Recycle(outgoing);
                return ExchangeAsync(NewCall(id, request.Options), id, content, HttpRequests.MethodText(request.Method), named, isInitialize: false, request.Options, cancellationToken);
            }

            var isStateless = Version.Era() == ProtocolEra.Stateless;
            var name = isStateless ? request.Options.Name ?? HttpRequests.FindName(outgoing.Message.WrittenSpan) : null;
            outgoing.WriteHead(HeadOfAll(), isStateless ? request.Method : default, name, request.Options.Headers);
        }
        catch
        {
            Recycle(outgoing);
            throw;
        }

        return ExchangeDirectlyAsync(outgoing, id, request.Options, cancellationToken);
    }

    /// <summary>Sends a request that is complete, its id included, and gives whatever reply comes for it. Stateless era, where a request has nothing in common with others.</summary>
    /// <param name="message">The request; copied before the method returns.</param>
    /// <param name="method">Its method, for the header.</param>
    /// <param name="options">How to send it; with its name, where it has one.</param>
    /// <param name="cancellationToken">Aborts it.</param>
    internal ValueTask<McpReply> ForwardAsync(ReadOnlySpan<byte> message, ReadOnlySpan<byte> method, in SendOptions options, CancellationToken cancellationToken)
    {
        var forwarded = options with { IsForwarded = true };
        if (!_goesDirectly || (_requests.HasEncoding && message.Length > HttpEncodings.Threshold))
        {
            var content = new PooledContent();
            content.Body.Write(message);
            return ExchangeAsync(NewCall(id: 0, forwarded), id: 0, content, HttpRequests.MethodText(method), options.Name, isInitialize: false, forwarded, cancellationToken);
        }

        var outgoing = Requests.TryPop() ?? new DirectRequest();
        outgoing.Message.Write(message);
        outgoing.WriteHead(HeadOfAll(), method, options.Name, options.Headers);
        return ExchangeDirectlyAsync(outgoing, id: 0, forwarded, cancellationToken);
    }

    private static void Recycle(DirectRequest outgoing)
    {
        outgoing.Clear();
        if (!Requests.TryPush(outgoing))
        {
            outgoing.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<McpReply> ExchangeDirectlyAsync(DirectRequest outgoing, long id, SendOptions options, CancellationToken cancellationToken)
    {
        var started = _options.TimeProvider.GetTimestamp();
        DirectSocket? socket = null;
        Interlocked.Increment(ref _inFlight);
        try
        {
            var begun = started;
            if (!_sockets.TryRent(started, options.MayPoll, out socket))
            {
                socket = await OpenDirectlyAsync(options, cancellationToken).ConfigureAwait(false);
                begun = _options.TimeProvider.GetTimestamp();
            }

            socket.Begin(begun, options.Timeout, cancellationToken, _closed.Token);
            await outgoing.SendAsync(socket).ConfigureAwait(false);
            var length = await socket.ReadHeadAsync().ConfigureAwait(false);
            if (!ResponseHead.TryRead(socket.Unread[..length], out var head))
            {
                throw new IOException("What came is no HTTP/1.1 response.");
            }

            socket.KeepAlive = head.KeepAlive;
            if (!IsSimple(head))
            {
                var other = socket;
                socket = null;
                return await ReadOtherAsync(other, head, length, id, options, started, cancellationToken).ConfigureAwait(false);
            }

            socket.Skip(length);
            var body = await ReadBodyAsync(socket, (int)head.ContentLength).ConfigureAwait(false);
            socket.End();
            _sockets.Return(socket, !head.Closes);
            socket = null;
            return TakeBody(body, (int)head.ContentLength, id, options);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or IOException)
        {
            throw Explain(exception, socket?.Broken ?? BreakReason.None, id, options, cancellationToken);
        }
        finally
        {
            Recycle(outgoing);
            if (socket is not null)
            {
                socket.End();
                _sockets.Return(socket, reusable: false);
            }

            LeaveRequest();
        }
    }

    private bool IsSimple(in ResponseHead head) =>
        head is { StatusCode: 200, IsPlainJson: true } && (!head.NamesEncodings || _requests.HasEncoding) && head.ContentLength >= 0 && head.ContentLength <= _options.MaxMessageLength;

    private static async ValueTask<byte[]> ReadBodyAsync(DirectSocket socket, int length)
    {
        // Where a read fails the buffer is left to the collector: the socket may still write into it.
        var body = PooledArrays.Rent<byte>(Math.Max(length, 1));
        try
        {
            for (var read = 0; read < length;)
            {
                var count = await socket.ReadAsync(body.AsMemory(read, length - read)).ConfigureAwait(false);
                read += count > 0 ? count : throw new IOException("The connection ended before the response did.");
            }

            return body;
        }
        catch
        {
            PooledArrays.Abandon(body);
            throw;
        }
    }

    private McpReply TakeBody(byte[] body, int length, long id, in SendOptions options)
    {
        var message = body.AsSpan(0, length);
        if (EnvelopeReader.TryRead(message, out var envelope) && envelope.Kind is MessageKind.Response or MessageKind.Error
            && (options.IsForwarded || (JsonText.TryGetInt64(envelope.Id.Of(message), out var of) && of == id)))
        {
            return ReplyBuffer.Adopt(body, length, envelope, 200);
        }

        var call = NewCall(id, options);
        return call.TakeJson(body, length, 200) && call.TakeReply() is { } reply ? reply
            : throw HttpFailures.InvalidReply(Peer, "the body holds no reply to this request.", System.Net.HttpStatusCode.OK);
    }

    // No socket is idle: one is opened, or waited for. Nothing was sent yet.
    private async ValueTask<DirectSocket> OpenDirectlyAsync(SendOptions options, CancellationToken cancellationToken)
    {
        using var limits = new HttpRequestLimits(options, _options.TimeProvider, cancellationToken, _closed.Token);
        try
        {
            return await _sockets.RentAsync(_options.Endpoint, Peer, limits.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException)
        {
            throw limits.CallerCancelled ? new OperationCanceledException(cancellationToken)
                : limits.Closed ? ClosedHere(mayHaveRun: false)
                : limits.TimedOut ? PendingRequests.TimedOut(options.Timeout, mayHaveRun: false)
                : HttpFailures.Map(exception, Peer);
        }
    }

    // Event streams, errors, bodies in chunks or codings. Owns the socket.
    private async ValueTask<McpReply> ReadOtherAsync(
        DirectSocket socket, ResponseHead head, int length, long id, SendOptions options, long started, CancellationToken cancellationToken)
    {
        // From here on progress may move the end of the wait.
        socket.StopClock();
        using var limits = new HttpRequestLimits(options, _options.TimeProvider, cancellationToken, _closed.Token, _options.TimeProvider.GetElapsedTime(started));
        var call = NewCall(id, options);
        call.MoveWithProgress(limits);
        var body = new DirectBody(socket, head);
        try
        {
            try
            {
                using var response = ResponseHead.ToMessage(socket.Unread[..length], body);
                socket.Skip(length);
                _requests.NoteEncodings(response);
                await ReadReplyAsync(call, response, limits.Token).ConfigureAwait(false);
            }
            finally
            {
                socket.End();
                _ = GiveBackAsync(socket, body, head.Closes || head.EndsWithConnection);
            }

            return call.TakeReply() ?? await ResumeAsync(call, options, limits.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            call.TakeReply()?.Dispose();
            var reason = limits.CallerCancelled ? BreakReason.Cancelled : limits.Closed ? BreakReason.Closed : limits.TimedOut ? BreakReason.TimedOut : BreakReason.None;
            throw Explain(exception, reason, id, options, cancellationToken);
        }
    }

    // Never fails. What follows a reply on its stream is the end of it, which is usually there already.
    private async Task GiveBackAsync(DirectSocket socket, DirectBody body, bool closes)
    {
        if (!closes && body is { IsComplete: false, HasFailed: false } && socket.Broken == BreakReason.None)
        {
            socket.Begin(_options.TimeProvider.GetTimestamp(), DrainTime, CancellationToken.None, _closed.Token);
            var buffer = PooledArrays.Rent<byte>(4 * 1024);
            try
            {
                var drained = 0;
                int count;
                while (drained < MaxDrained && (count = await body.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0)
                {
                    drained += count;
                }
            }
            catch (IOException)
            {
                // It is closed then.
            }

            PooledArrays.Return(buffer);
            socket.End();
        }

        _sockets.Return(socket, !closes && body.IsComplete);
    }

    private Exception Explain(Exception exception, BreakReason reason, long id, in SendOptions options, CancellationToken cancellationToken)
    {
        if (reason is BreakReason.Cancelled or BreakReason.TimedOut)
        {
            TellCancelled(id, isInitialize: false);
        }

        return reason switch
        {
            BreakReason.Cancelled => new OperationCanceledException(cancellationToken),
            BreakReason.Closed => ClosedHere(mayHaveRun: true),
            BreakReason.TimedOut => PendingRequests.TimedOut(options.Timeout, mayHaveRun: true),
            _ => HttpFailures.Map(exception, Peer),
        };
    }

    private void LeaveRequest()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0 && _closesWhenIdle)
        {
            _ = DisposeAsync().AsTask();
        }
    }

    // The same for all requests, as long as revision and session are.
    private ReadOnlySpan<byte> HeadOfAll()
    {
        var (version, session) = (Version, _requests.SessionId);
        if (_commonHead is not { } head || head.Version != version || head.Session != session)
        {
            _commonHead = head = new CommonHead(version, session, WriteHeadOfAll(version, session));
        }

        return head.Bytes;
    }

    private byte[] WriteHeadOfAll(ProtocolVersion version, string? session)
    {
        var endpoint = _options.Endpoint;
        var host = endpoint.HostNameType == UriHostNameType.IPv6 ? endpoint.Host : endpoint.IdnHost;
        var head = new StringBuilder().Append("POST ").Append(endpoint.PathAndQuery).Append(" HTTP/1.1\r\nHost: ").Append(host);
        if (!endpoint.IsDefaultPort)
        {
            head.Append(':').Append(endpoint.Port);
        }

        head.Append("\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n");
        if (_options.Compression)
        {
            Add("Accept-Encoding", HttpEncodings.Accepted);
        }

        if (version >= ProtocolVersion.V2025_06_18)
        {
            Add(McpHeaderNames.ProtocolVersion, version.ToText());
        }

        if (session is not null && version.Era() == ProtocolEra.Session)
        {
            Add(McpHeaderNames.SessionId, session);
        }

        foreach (var (name, value) in _options.Headers)
        {
            Add(name, value);
        }

        return Encoding.ASCII.GetBytes(head.ToString());

        void Add(string name, string value) => head.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    private sealed record CommonHead(ProtocolVersion Version, string? Session, byte[] Bytes);
}
