using Microsoft.AspNetCore.Http;
using Peregrine.Protocol.ServerSentEvents;
using Peregrine.Server.AspNetCore.Sessions;

namespace Peregrine.Server.AspNetCore.Http;

// The stream of a session's call outlives its connection: the client may fetch the rest with GET (2025-03-26 and later, resumability).
internal sealed partial class HttpExchange
{
    // Null where the stream is not kept.
    private EventStream? _kept;
    private bool _mayClose;

    /// <summary>The caller, where the host tells callers apart.</summary>
    internal string? Caller => SessionOwner.Of(_context!);

    /// <summary>True where the caller reads the stream of its call on another connection by now, or will.</summary>
    internal bool IsReadElsewhere => _kept is { } kept && Session is HttpSession session && !session.IsRead(kept, this);

    internal override async ValueTask<bool> CloseStreamAsync(int generation, TimeSpan retryAfter, CancellationToken cancellationToken)
    {
        if (!AcceptsEvents || Session is not HttpSession { HasPriming: true } session)
        {
            return false;
        }

        await _stream.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return IsOpen(generation) && await TryCloseAsync(session, retryAfter, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _stream.Release();
        }
    }

    /// <summary>Sends a comment on the stream of the call that is number <paramref name="generation"/>, where nothing else is being sent on it.</summary>
    internal async Task KeepAliveAsync(int generation)
    {
        if (!await _stream.WaitAsync(0).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            if (IsOpen(generation) && (_kept is null || ((HttpSession)Session!).IsRead(_kept, this)))
            {
                _event.Clear();
                SseWriter.WriteKeepAlive(_event);
                await _context!.Response.BodyWriter.WriteAsync(_event.WrittenMemory).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client is gone; the call will see for itself.
        }
        finally
        {
            _stream.Release();
        }
    }

    /// <summary>The call has ended: where it gave no reply, whoever reads its stream elsewhere is let go.</summary>
    internal void EndStream()
    {
        if (!IsStreaming || Session is not HttpSession session)
        {
            return;
        }

        session.Siblings.Remove(this);
        if (_kept is { IsComplete: false } kept)
        {
            session.Drop(kept);
        }
    }

    private async ValueTask<bool> TryCloseAsync(HttpSession session, TimeSpan retryAfter, CancellationToken cancellationToken)
    {
        var context = _context!;
        if (!IsStreaming)
        {
            if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
            {
                // The connection stays this call's until the call ends, so the client must not send its next request there.
                context.Response.Headers.Connection = "close";
            }

            await StartStreamAsync(cancellationToken).ConfigureAwait(false);
            _mayClose = true;
        }

        if (_kept is not { } kept)
        {
            return false;
        }

        if (session.ReaderOf(kept) is { } reader)
        {
            // The response is over already; what reads the stream now is closed instead.
            reader.End(retryAfter);
            return true;
        }

        if (!MayClose(context) || !session.TryLetGo(kept, this))
        {
            return false;
        }

        _event.Clear();
        SseWriter.WriteRetry(_event, (long)retryAfter.TotalMilliseconds);
        await context.Response.BodyWriter.WriteAsync(_event.WrittenMemory, cancellationToken).ConfigureAwait(false);
        await context.Response.CompleteAsync().ConfigureAwait(false);
        return true;
    }

    // Over HTTP/1.1 the client must have been told from the beginning; ending the connection without a word could cost it events that it has not read.
    private bool MayClose(HttpContext context) => _mayClose || HttpProtocol.IsHttp2(context.Request.Protocol) || HttpProtocol.IsHttp3(context.Request.Protocol);

    // Called when the stream begins. Writes the event that opens it, where the client knows such.
    private void KeepStream()
    {
        _event.Clear();
        if (Session is not HttpSession session)
        {
            return;
        }

        session.Siblings.Add(this);
        if ((_kept = session.TryOpenCall(this)) is { } kept && session.HasPriming)
        {
            EventConnection.WritePriming(_event, new EventId(IsCall: true, kept.Number, 0));
        }
    }

    // False where the event is not for this response to send.
    private bool TryNumber(ReadOnlySpan<byte> message, bool isReply)
    {
        if (!((HttpSession)Session!).TryKeep(_kept!, this, message, isReply, out var id))
        {
            return false;
        }

        if (id.Sequence > 0)
        {
            id.WriteLine(_event);
        }

        return true;
    }
}
