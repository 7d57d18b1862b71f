using System.Net;
using System.Net.Sockets;
using Peregrine.Load.Driving.Polling;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.ServerSentEvents;

namespace Peregrine.Load.Driving.Http;

/// <summary>One HTTP/1.1 connection, which carries one call at a time.</summary>
internal sealed class HttpChannel : Channel
{
    private readonly HttpReplyReader _reader;
    private readonly PooledByteWriter _out = new();
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly int _maxReplyLength;
    private int _sent;
    private SseParser? _events;
    private bool _isConnected;
    private bool _wantsWrite;

    /// <summary>Begins to connect.</summary>
    internal HttpChannel(IChannelOwner owner, PollSet polls, int token, EndPoint endpoint, int maxReplyLength)
        : base(owner, polls, token)
    {
        _maxReplyLength = maxReplyLength;
        _reader = new HttpReplyReader(maxReplyLength);
        _socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        _descriptor = (int)_socket.Handle;
        IsOpen = true;
        _wantsWrite = true;
        try
        {
            _socket.Connect(endpoint);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // The usual answer: it is told when the connection stands.
        }
        catch (SocketException)
        {
            // Nobody gets to dispose of what was never made, and a server that is gone refuses at once, again and again.
            _socket.Dispose();
            throw;
        }

        Join();
    }

    /// <summary>True for a stream without an end, whose events are told one by one.</summary>
    internal bool IsListening { get; init; }

    /// <summary>True once such a stream has begun.</summary>
    internal bool IsStreaming => IsListening && _reader.HasHead && _reader.IsEventStream;

    internal override void Send(ReadOnlySpan<byte> request) => _out.Write(request);

    internal override void Flush()
    {
        if (!_isConnected)
        {
            return;
        }

        while (_sent < _out.Length)
        {
            var count = _socket.Send(_out.WrittenSpan[_sent..], SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                break;
            }

            if (error != SocketError.Success)
            {
                Break(LoadError.Closed, $"the connection broke while sending: {error}");
                return;
            }

            _sent += count;
            BytesOut += count;
        }

        var isLeft = _sent < _out.Length;
        if (!isLeft)
        {
            _out.Clear();
            _sent = 0;
        }

        if (isLeft != _wantsWrite)
        {
            _wantsWrite = isLeft;
            Polls.Change(_descriptor, _socket, Token, isLeft);
        }
    }

    internal override void OnReady(PollEvent ready)
    {
        if (!_isConnected)
        {
            FinishConnecting();
            return;
        }

        if (ready.CanRead)
        {
            Receive();
        }

        if (ready.CanWrite && IsOpen)
        {
            Flush();
        }
    }

    public override void Dispose()
    {
        if (IsOpen)
        {
            IsOpen = false;
            Leave();
        }

        _socket.Dispose();
        _events?.Dispose();
        _reader.Dispose();
        _out.Dispose();
    }

    private protected override void Join() => Polls.Add(_descriptor, _socket, Token, _wantsWrite);

    private protected override void Leave() => Polls.Remove(_descriptor, Token);

    private void FinishConnecting()
    {
        var error = (SocketError)(int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
        {
            Break(LoadError.Connect, $"no connection: {error}");
            return;
        }

        _isConnected = true;
        Flush();
    }

    private void Receive()
    {
        while (true)
        {
            var buffer = _reader.GetBuffer();
            var count = _socket.Receive(buffer, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                return;
            }

            if (error != SocketError.Success || count == 0)
            {
                End(error);
                return;
            }

            BytesIn += count;
            var state = _reader.Advance(count);
            if (IsListening && state != ReplyState.Malformed && !Listen(state))
            {
                return;
            }

            if (state == ReplyState.Malformed)
            {
                Break(LoadError.Protocol, "no HTTP reply, or one that is too long");
                return;
            }

            if (state == ReplyState.Complete)
            {
                Deliver();
                return;
            }

            if (count < buffer.Length)
            {
                return;
            }
        }
    }

    // False where the stream has ended or is none.
    private bool Listen(ReplyState state)
    {
        if (IsStreaming)
        {
            _events ??= new SseParser(_maxReplyLength);
            var rest = _reader.BodySoFar;
            while (_events.TryRead(ref rest, out var sseEvent))
            {
                Owner.OnEvent(this, sseEvent.Data);
            }

            _reader.DropBody();
        }

        if (state == ReplyState.Complete)
        {
            Break(LoadError.Closed, IsStreaming ? "the server ended the stream" : $"no stream, but HTTP {_reader.Status}");
        }

        return state != ReplyState.Complete;
    }

    private void End(SocketError error)
    {
        if (!IsListening && error == SocketError.Success && _reader.End() == ReplyState.Complete)
        {
            Deliver();
            return;
        }

        Break(LoadError.Closed, error == SocketError.Success
            ? _reader.HasBegun ? "the connection ended in the middle of a reply" : "the server closed the connection"
            : $"the connection broke: {error}");
    }

    private void Deliver()
    {
        if (User is null)
        {
            Break(LoadError.Protocol, "a reply that nobody asked for");
            return;
        }

        if (_reader.Closes)
        {
            IsOpen = false;
            Leave();
        }

        if (_reader.IsEventStream)
        {
            DeliverResponse();
        }
        else
        {
            Owner.OnMessage(this, _reader.Status, _reader.Body, _reader.SessionId);
        }

        _reader.Reset();
    }

    // Of an event stream the message that is a response; notifications and requests come before it.
    private void DeliverResponse()
    {
        using var parser = new SseParser(_maxReplyLength);
        var rest = _reader.Body;
        while (parser.TryRead(ref rest, out var sseEvent))
        {
            if (EnvelopeReader.TryRead(sseEvent.Data, out var envelope) && envelope.Kind is MessageKind.Response or MessageKind.Error)
            {
                Owner.OnMessage(this, _reader.Status, sseEvent.Data, _reader.SessionId);
                return;
            }
        }

        Owner.OnMessage(this, _reader.Status, default, _reader.SessionId);
    }

    private void Break(LoadError error, string why)
    {
        if (IsOpen)
        {
            IsOpen = false;
            Leave();
            Owner.OnBroken(this, error, why);
        }
    }
}
