using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Transport.Connections;

/// <summary>
/// A peer's reply: a result or a JSON-RPC error, raw. It borrows pooled memory: dispose it once you have read it; every use after that (of this value or
/// a copy of it) throws <see cref="ObjectDisposedException"/>. What it handed out must not be used after that either.
/// </summary>
public readonly struct McpReply : IDisposable, IEquatable<McpReply>
{
    private readonly ReplyBuffer? _buffer;
    private readonly int _generation;

    internal McpReply(ReplyBuffer buffer, int generation)
    {
        _buffer = buffer;
        _generation = generation;
    }

    /// <summary>Makes a reply from the bytes of one that came earlier, for who keeps replies.</summary>
    /// <param name="message">The whole message: a JSON-RPC response; copied.</param>
    /// <param name="statusCode">The HTTP status under which it came; 0 for none.</param>
    /// <exception cref="ArgumentException">It is no response.</exception>
    public static McpReply FromMessage(ReadOnlySpan<byte> message, int statusCode = 0)
    {
        if (!EnvelopeReader.TryRead(message, out var envelope) || envelope.Kind is not (MessageKind.Response or MessageKind.Error))
        {
            throw new ArgumentException("The message is no JSON-RPC response.", nameof(message));
        }

        return ReplyBuffer.Create(message, envelope, statusCode);
    }

    /// <summary>The whole message as it came.</summary>
    public ReadOnlyMemory<byte> Message => Valid().Message;

    /// <summary>Where the parts of <see cref="Message"/> lie.</summary>
    public ref readonly Envelope Envelope => ref Valid().Envelope;

    /// <summary>True where the peer answered with an error.</summary>
    public bool IsError => Valid().Envelope.Error.IsPresent;

    /// <summary><c>result</c>, raw; empty where <see cref="IsError"/>.</summary>
    public ReadOnlyMemory<byte> Result
    {
        get
        {
            var buffer = Valid();
            return buffer.Envelope.Result.Of(buffer.Message);
        }
    }

    /// <summary><c>error</c>, raw; empty where there is a result.</summary>
    public ReadOnlyMemory<byte> Error
    {
        get
        {
            var buffer = Valid();
            return buffer.Envelope.Error.Of(buffer.Message);
        }
    }

    /// <summary>The error's code; 0 where there is no error or it has no code.</summary>
    public int ErrorCode
    {
        get
        {
            McpPeerException.ReadError(Error.Span, out var code, out _);
            return code;
        }
    }

    /// <summary>The HTTP status under which it came; 0 on other transports.</summary>
    public int StatusCode => Valid().StatusCode;

    /// <summary>Throws <see cref="McpPeerException"/> where the peer answered with an error, and gives the reply back first.</summary>
    public void ThrowIfError()
    {
        if (IsError)
        {
            var exception = McpPeerException.FromError(Error.Span);
            Dispose();
            throw exception;
        }
    }

    /// <summary>Gives the memory back. More than once does nothing.</summary>
    public void Dispose() => _buffer?.Release(_generation);

    /// <inheritdoc/>
    public bool Equals(McpReply other) => ReferenceEquals(_buffer, other._buffer) && _generation == other._generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is McpReply other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_buffer, _generation);

    /// <summary>True where both are the same reply.</summary>
    public static bool operator ==(McpReply left, McpReply right) => left.Equals(right);

    /// <summary>True where they are different replies.</summary>
    public static bool operator !=(McpReply left, McpReply right) => !left.Equals(right);

    private ReplyBuffer Valid()
    {
        var buffer = _buffer;
        if (buffer is null || buffer.Generation != _generation)
        {
            ThrowStale();
        }

        return buffer!;
    }

    private static void ThrowStale() =>
        throw new ObjectDisposedException(nameof(McpReply), "This reply was disposed, or never received. Read what you need before disposing it.");
}
