using System.Buffers;
using System.IO.Pipelines;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Peregrine.Execution.Memory;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.ServerSentEvents;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Subscriptions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.AspNetCore.Http;

/// <summary>One POST. The reply is one JSON body; the first notification turns it into an event stream.</summary>
internal sealed partial class HttpExchange : SessionCall
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

    /// <summary>The status that goes with an error, where its code does not say; 0 where it does.</summary>
    internal int ErrorStatus { get; set; }

    /// <summary>The stream that the request has opened, if it did; it outlives this exchange.</summary>
    internal HttpListenStream? Stream { get; set; }

    /// <summary>The reply in the content coding that <see cref="Coding"/> names, for where it is sent as one JSON body; null where it is sent as it is.</summary>
    internal PooledByteWriter? Compressed { get; private set; }

    /// <summary>The content coding of <see cref="Compressed"/>.</summary>
    internal string? Coding { get; private set; }

    /// <inheritdoc/>
    internal override string NetworkTransport => _context is { } context ? SessionOwner.TransportOf(context) : "tcp";

    /// <inheritdoc/>
    internal override bool CanSendMessages => AcceptsEvents;

    /// <inheritdoc/>
    internal override string? Principal => _context is { } context ? SessionOwner.Of(context) : null;

    /// <inheritdoc/>
    internal override ClaimsPrincipal? User => _context is { } context ? SessionOwner.UserOf(context) : null;

    /// <inheritdoc/>
    internal override object? HostContext => _context;

    /// <inheritdoc/>
    internal override object ClientKey => (_context is { } context ? SessionOwner.ClientKeyOf(context) : null) ?? base.ClientKey;

    /// <inheritdoc/>
    internal override object ConnectionKey => _context?.Connection.Id ?? base.ConnectionKey;

    /// <inheritdoc/>
    public override IServiceProvider? Services => _context?.RequestServices;

    /// <summary>In the stateless era the end of the connection cancels; in the session era it does not (transports, disconnection).</summary>
    public override CancellationToken CancellationToken =>
        Era == ProtocolEra.Stateless && _context is { } context ? context.RequestAborted : base.CancellationToken;

    /// <inheritdoc/>
    internal override bool IsConnectionLost => Era == ProtocolEra.Stateless;

    /// <inheritdoc/>
    internal override bool CanStream => AcceptsEvents;

    /// <inheritdoc/>
    internal override bool HasHeaders => true;

    /// <inheritdoc/>
    internal override int FindHeader(string name, out string value)
    {
        var values = _context!.Request.Headers[name];
        value = values.Count == 1 ? values[0] ?? "" : "";
        return values.Count;
    }

    /// <inheritdoc/>
    public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default) =>
        NotifyCallAsync(Generation, notification, cancellationToken);

    internal override ValueTask NotifyCallAsync(int generation, ReadOnlySpan<byte> notification, CancellationToken cancellationToken)
    {
        if (!AcceptsEvents || IsCancelled)
        {
            return default;
        }

        // The span is the caller's; waiting for the stream is not possible with it.
        var rented = PooledArrays.Rent<byte>(notification.Length);
        notification.CopyTo(rented);
        return SendAsync(generation, rented, notification.Length, cancellationToken);
    }

    /// <summary>True: a reply has its response to itself.</summary>
    internal override bool CanStreamResult => true;

    /// <summary>Breaks the response off, for what was sent of it cannot be taken back; a reply that is not yet being sent is left to its tool.</summary>
    internal override void EndSending(int generation, StreamEnd why)
    {
        if (generation == Generation && IsSending && (why == StreamEnd.Abandoned || StreamedResult is null))
        {
            _context?.Abort();
        }
        else
        {
            base.EndSending(generation, why);
        }
    }

    /// <summary>True once the reply is being sent.</summary>
    internal bool IsSending { get; set; }

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

    /// <summary>Has the reply sent in a content coding that its caller takes.</summary>
    /// <param name="coding">The coding.</param>
    /// <param name="compressed">The reply in it; disposed with this request.</param>
    internal void SetCompressed(string coding, PooledByteWriter compressed)
    {
        DropCompressed();
        (Coding, Compressed) = (coding, compressed);
    }

    /// <summary>Sends the headers of an event stream, unless they are out.</summary>
    internal ValueTask StartEventsAsync(CancellationToken cancellationToken) => IsStreaming ? default : StartStreamAsync(cancellationToken);

    /// <summary>Sends the reply as the last event of the stream.</summary>
    internal ValueTask SendLastEventAsync() => WriteEventAsync(CompleteReply(), isReply: true, CancellationToken.None);

    /// <summary>Waits until no notification is being sent; from then on none will be.</summary>
    internal async ValueTask BeginAnswerAsync()
    {
        await _stream.WaitAsync().ConfigureAwait(false);
        TryCloseNotifications();
        _stream.Release();
    }

    internal void End()
    {
        Reset();
        DropCompressed();
        _context = null;
        Stream = null;
        IsStreaming = false;
        IsSending = false;
        ErrorStatus = 0;
        _kept = null;
        _mayClose = false;
        _event.Clear();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        DropCompressed();
        _stream.Dispose();
        _event.Dispose();
    }

    private void DropCompressed()
    {
        Compressed?.Dispose();
        (Coding, Compressed) = (null, null);
    }

    private async ValueTask SendAsync(int generation, byte[] rented, int length, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                // The call may have been answered meanwhile, and this object may serve another request.
                if (IsOpen(generation))
                {
                    await WriteEventAsync(rented.AsMemory(0, length), isReply: false, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                _stream.Release();
            }
        }
        finally
        {
            PooledArrays.Return(rented);
        }
    }

    private async ValueTask WriteEventAsync(ReadOnlyMemory<byte> message, bool isReply, CancellationToken cancellationToken)
    {
        if (!IsStreaming)
        {
            await StartStreamAsync(cancellationToken).ConfigureAwait(false);
        }

        _event.Clear();
        if (_kept is null || TryNumber(message.Span, isReply))
        {
            SseWriter.WriteMessage(_event, message.Span);
            await _context!.Response.BodyWriter.WriteAsync(_event.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask StartStreamAsync(CancellationToken cancellationToken)
    {
        IsStreaming = true;
        var response = _context!.Response;
        EventConnection.SetHeaders(response);
        KeepStream();
        await response.StartAsync(cancellationToken).ConfigureAwait(false);
        if (_event.Length > 0)
        {
            response.BodyWriter.Write(_event.WrittenSpan);
        }
    }
}
