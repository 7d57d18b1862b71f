using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.ServerSentEvents;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.AspNetCore.Http;

/// <summary>One POST. The reply is one JSON body; the first notification turns it into an event stream.</summary>
internal sealed class HttpExchange : McpExchange
{
    private readonly SemaphoreSlim _stream = new(1, 1);
    private readonly PooledByteWriter _event = new(512);
    private HttpContext? _context;

    /// <summary>True once headers of an event stream are out.</summary>
    internal bool IsStreaming { get; private set; }

    /// <summary>True where the caller can read an event stream.</summary>
    internal bool AcceptsEvents { get; set; }

    /// <summary>True where the caller can read a JSON body.</summary>
    internal bool AcceptsJson { get; set; }

    /// <summary>True where the request names a session that does not exist: status 404.</summary>
    internal bool IsSessionLost { get; set; }

    /// <inheritdoc/>
    public override IServiceProvider? Services => _context?.RequestServices;

    /// <summary>In the stateless era the end of the connection cancels; in the session era it does not (transports, disconnection).</summary>
    public override CancellationToken CancellationToken =>
        Era == ProtocolEra.Stateless && _context is { } context ? context.RequestAborted : base.CancellationToken;

    /// <inheritdoc/>
    public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default)
    {
        if (!AcceptsEvents || IsCancelled)
        {
            return default;
        }

        // The span is the caller's; waiting for the stream is not possible with it.
        var rented = ArrayPool<byte>.Shared.Rent(notification.Length);
        notification.CopyTo(rented);
        return SendAsync(rented.AsMemory(0, notification.Length), rented, cancellationToken);
    }

    internal void Begin(HttpContext context) => _context = context;

    internal void Answer(ProtocolVersion version) => SetVersion(version);

    /// <summary>Takes a request whose body the responder wants unread.</summary>
    internal void LoadUnread(in RequestHead head, PipeReader body)
    {
        Version = head.Version;
        Method = head.Method;
        NameHeader = head.Name;
        UnreadBody = body;
        IsRequest = true;
    }

    /// <summary>Sends the reply as the last event of the stream.</summary>
    internal ValueTask SendLastEventAsync() => SendAsync(CompleteReply(), rented: null, CancellationToken.None);

    internal void End()
    {
        Reset();
        _context = null;
        IsStreaming = false;
        IsSessionLost = false;
        _event.Clear();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _stream.Dispose();
        _event.Dispose();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> message, byte[]? rented, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WaitAsync(cancellationToken).ConfigureAwait(false);
            await SendLockedAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private async ValueTask SendLockedAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            var response = _context!.Response;
            if (!IsStreaming)
            {
                IsStreaming = true;
                response.StatusCode = StatusCodes.Status200OK;
                response.ContentType = "text/event-stream";
                response.Headers.CacheControl = "no-store";
                response.Headers["X-Accel-Buffering"] = "no";
                await response.StartAsync(cancellationToken).ConfigureAwait(false);
            }

            _event.Clear();
            SseWriter.WriteMessage(_event, message.Span);
            await response.BodyWriter.WriteAsync(_event.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _stream.Release();
        }
    }
}
