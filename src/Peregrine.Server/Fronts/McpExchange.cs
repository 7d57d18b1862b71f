using System.IO.Pipelines;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Fronts;

/// <summary>
/// One message and the place of its reply. Pooled: it belongs to the responder from <see cref="IMcpResponder.RespondAsync"/> until that task ends, and to
/// nobody else afterwards. Not thread-safe, except <see cref="NotifyAsync"/> and <see cref="Cancel"/>.
/// </summary>
/// <remarks>
/// The reply starts as one JSON message. The first notification may turn it into a stream where the front can (HTTP: server-sent events; stdio: further lines).
/// The body is a copy that the exchange owns, so nothing a tool reads can be overwritten by the next message.
/// </remarks>
public abstract partial class McpExchange : IDisposable
{
    // What an idle exchange may keep: enough for nearly every message, little enough that hundreds of idle ones do not matter.
    private const int KeptBody = 16 * 1024;

    private PooledByteWriter _reply = new();
    private readonly Lock _cancelGate = new();
    private Envelope _envelope;
    private byte[] _body = [];
    private int _bodyLength;
    private int _generation;
    private CancellationTokenSource? _cancellation;
    private bool _cancelled;
    private bool _answered;
    private bool _sendsMessages;
    private McpClientCapabilities? _client;

    /// <summary>The revision under which the message is answered.</summary>
    public ProtocolVersion Version { get; internal set; }

    /// <summary>The era of <see cref="Version"/>.</summary>
    public ProtocolEra Era => Version.Era();

    /// <summary>The client's session; null in the stateless era, and where a call of the session era came without one.</summary>
    public PeregrineSession? Session { get; internal set; }

    /// <summary>What the client can do, as this request (stateless era) or its <c>initialize</c> (session era) says.</summary>
    public McpClientCapabilities Client => _client ??= Session?.Client ?? McpClientCapabilitiesCache.Shared.Get(_envelope.ClientCapabilities.Of(Body.Span));

    /// <summary>The method; Unknown where no revision defines it.</summary>
    public McpMethod Method { get; internal set; }

    /// <summary>True where an answer is wanted; false for a notification.</summary>
    public bool IsRequest { get; internal set; }

    /// <summary>The places of the message's parts in <see cref="Body"/>. All absent where the body is unread.</summary>
    public ref readonly Envelope Envelope => ref _envelope;

    /// <summary>The message. Valid until the exchange ends.</summary>
    public ReadOnlyMemory<byte> Body => _body.AsMemory(0, _bodyLength);

    /// <summary>The body where the responder asked for it unread (<see cref="BodyMode.Unread"/>), else null.</summary>
    public PipeReader? UnreadBody { get; internal set; }

    /// <summary>The request's <c>Mcp-Name</c> header where there is one.</summary>
    public string? NameHeader { get; internal set; }

    /// <summary>The error code of the reply, or 0. A front derives the HTTP status from it.</summary>
    public int ErrorCode { get; private set; }

    /// <summary>
    /// True where the error is about the request as a whole (malformed, missing <c>_meta</c>, wrong headers) and not about what it asks for: HTTP then answers 400.
    /// </summary>
    public bool IsRequestFault { get; private set; }

    /// <summary>True where the reply is a result that says that the tool failed.</summary>
    internal bool IsToolError { get; set; }

    /// <summary>What carries the messages, in OpenTelemetry's words.</summary>
    internal virtual string NetworkTransport => "pipe";

    /// <summary>True once cancelled: the reply will not be sent.</summary>
    public bool IsCancelled => Volatile.Read(ref _cancelled);

    /// <summary>The caller's services where the front has some (HTTP: those of the request), else null.</summary>
    public virtual IServiceProvider? Services => null;

    /// <summary>Fires when the caller cancels or goes away. Made at the first look, so that calls that never look pay nothing.</summary>
    public virtual CancellationToken CancellationToken
    {
        get
        {
            lock (_cancelGate)
            {
                _cancellation ??= new CancellationTokenSource();
                if (_cancelled && !_cancellation.IsCancellationRequested)
                {
                    // Not on this thread's time: a callback of a token that is cancelled already runs at registration.
                    _cancellation.Cancel();
                }

                return _cancellation.Token;
            }
        }
    }

    /// <summary>The reply's buffer. Write between <see cref="BeginResult"/> and <see cref="EndResult"/>; to read the reply, use <see cref="CompleteReply"/>.</summary>
    public PooledByteWriter Reply => _reply;

    /// <summary>
    /// The result, where it is kept elsewhere: then <see cref="Reply"/> ends where the result begins, and the closing brace is missing.
    /// </summary>
    internal ReadOnlyMemory<byte> SharedResult { get; private set; }

    /// <summary>What the feature that answers has found out about the request, for the handler that it runs.</summary>
    internal object? Subject { get; set; }

    /// <summary>How long the tool held its thread before it ended or first awaited, in ticks of the server's clock; 0 where no tool ran.</summary>
    internal long SynchronousTicks { get; set; }

    /// <summary>When that was over.</summary>
    internal long SynchronousEnd { get; set; }

    /// <summary>Counts the messages this object has carried: a handle that remembers another number is stale.</summary>
    internal int Generation => Volatile.Read(ref _generation);

    /// <summary>Writes the reply up to where the result begins. Drops what was written before.</summary>
    /// <returns>Where to write the result: one JSON object.</returns>
    public PooledByteWriter BeginResult()
    {
        ErrorCode = 0;
        IsRequestFault = false;
        IsToolError = false;
        SharedResult = default;
        DropStreamed();
        _reply.Clear();
        JsonRpcWriter.BeginResult(_reply, _envelope.Id.Of(Body.Span));
        return _reply;
    }

    /// <summary>Ends the reply.</summary>
    public void EndResult() => JsonRpcWriter.EndResult(_reply);

    /// <summary>
    /// Answers with a result that is kept elsewhere and never changes, such as a list: it is not copied here, and once only into the connection.
    /// </summary>
    /// <param name="result">One JSON object. Must stay unchanged until the reply is sent.</param>
    public void ReturnShared(ReadOnlyMemory<byte> result)
    {
        BeginResult();
        SharedResult = result;
    }

    /// <summary>The whole reply as one piece. Joins it first where it has a shared part.</summary>
    /// <exception cref="InvalidOperationException">The result is made while it is sent.</exception>
    public ReadOnlyMemory<byte> CompleteReply()
    {
        if (_streamed is not null)
        {
            throw new InvalidOperationException("A streamed result is never one piece.");
        }

        if (!SharedResult.IsEmpty)
        {
            _reply.Write(SharedResult.Span);
            SharedResult = default;
            EndResult();
        }

        return _reply.WrittenMemory;
    }

    /// <summary>Answers with an error. Drops what was written before.</summary>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">What is wrong and what to do; sent to the caller, so it holds no secret.</param>
    /// <param name="data">Raw JSON; empty leaves it out.</param>
    public void Fail(int code, ReadOnlySpan<char> message, ReadOnlySpan<byte> data = default)
    {
        ErrorCode = code;
        SharedResult = default;
        DropStreamed();
        _reply.Clear();
        JsonRpcWriter.WriteError(_reply, _envelope.Id.Of(Body.Span), code, message, data);
    }

    /// <summary>Answers with an error about the request as a whole.</summary>
    /// <inheritdoc cref="Fail"/>
    public void FailRequest(int code, ReadOnlySpan<char> message, ReadOnlySpan<byte> data = default)
    {
        Fail(code, message, data);
        IsRequestFault = true;
    }

    /// <summary>Takes a whole reply as it is: a response with this request's id, from <paramref name="message"/>.</summary>
    public void SetReply(ReadOnlySpan<byte> message, int errorCode)
    {
        ErrorCode = errorCode;
        SharedResult = default;
        DropStreamed();
        _reply.Clear();
        _reply.Write(message);
    }

    /// <summary>Cancels the call: its token fires, its reply is dropped. Thread-safe.</summary>
    public void Cancel() => CancelIf(Generation);

    /// <summary>Cancels the call that is number <paramref name="generation"/>, and no later one.</summary>
    internal void CancelIf(int generation)
    {
        // Callbacks run outside the lock: they are the tool's code.
        CancellationTokenSource? source;
        lock (_cancelGate)
        {
            if (generation != _generation)
            {
                return;
            }

            _cancelled = true;
            source = _cancellation;
        }

        source?.Cancel();
    }

    /// <summary>Marks the call as cancelled without firing its token.</summary>
    internal void MarkCancelled()
    {
        lock (_cancelGate)
        {
            _cancelled = true;
        }
    }

    /// <summary>Gives the memory back for good.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back for good.</summary>
    protected virtual void Dispose(bool disposing)
    {
        Reset();
        _reply.Dispose();
        _cancellation?.Dispose();
        ReturnBody();
    }

    /// <summary>Throws where <paramref name="generation"/> is not this exchange's: the call it belonged to has ended.</summary>
    internal void Verify(int generation)
    {
        if (generation != Volatile.Read(ref _generation))
        {
            ThrowStale();
        }
    }

    /// <summary>Takes a message: copies <paramref name="body"/> into the exchange's own buffer.</summary>
    internal void Load(ReadOnlySpan<byte> body, in Envelope envelope)
    {
        if (_body.Length < body.Length)
        {
            ReturnBody();
            _body = PooledArrays.Rent<byte>(Math.Max(body.Length, 512));
        }

        body.CopyTo(_body);
        SetMessage(body.Length, envelope);
    }

    /// <summary>Takes a message that already lies in <paramref name="rented"/>, which the exchange owns from now on.</summary>
    internal void LoadRented(byte[] rented, int length, in Envelope envelope)
    {
        ReturnBody();
        _body = rented;
        SetMessage(length, envelope);
    }

    /// <summary>Ends the call: every handle to it goes stale, and the exchange can carry another one.</summary>
    internal void Reset()
    {
        lock (_cancelGate)
        {
            // Under the lock of CancelIf: a cancellation meets either this call or none.
            _generation++;

            // A source that somebody may be about to cancel is not used again: the cancellation would hit the next call.
            if (_cancellation is not null && (_cancelled || !_cancellation.TryReset()))
            {
                _cancellation = null;
            }

            _cancelled = false;
            _answered = false;
            _sendsMessages = false;
            ForgetInteraction();
            ForgetState();
        }

        _reply.Clear();
        _envelope = default;
        _bodyLength = 0;
        if (_body.Length > PooledArrays.Kept(KeptBody))
        {
            ReturnBody();
        }
#if DEBUG
        _body.AsSpan().Fill(0xDB);
#endif
        _client = null;
        Subject = null;
        Session = null;
        ListenRequest?.Settle();
        ListenRequest = null;
        UnreadBody = null;
        NameHeader = null;
        ErrorCode = 0;
        IsRequestFault = false;
        SharedResult = default;
        DropStreamed();
        SynchronousTicks = 0;
        SynchronousEnd = 0;
        ForgetRun();
    }

    internal void SetVersion(ProtocolVersion version) => Version = version;

    private void SetMessage(int length, in Envelope envelope)
    {
        _bodyLength = length;
        _envelope = envelope;
        Method = envelope.Method;
        IsRequest = envelope.Kind == MessageKind.Request;
        _sendsMessages = envelope.ProgressToken.IsPresent || envelope.LogLevel.IsPresent;
    }

    private void ReturnBody()
    {
        var body = _body;
        _body = [];
        if (body.Length > 0)
        {
#if DEBUG
            body.AsSpan().Fill(0xDB);
#endif
            PooledArrays.Return(body);
        }
    }

    private static void ThrowStale() =>
        throw new ObjectDisposedException(nameof(McpExchange), "This call has ended. A call's arguments, writers and progress must not be used after its method returned.");
}
