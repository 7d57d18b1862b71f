using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Transport.Connections;

/// <summary>A request from the peer (session era), and the place of its answer. It owns a copy of the message. Used by one handler at a time.</summary>
public sealed class IncomingRequest
{
    private readonly byte[] _message;
    private readonly Envelope _envelope;

    internal IncomingRequest(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        _message = message.ToArray();
        _envelope = envelope;
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Message => _message;

    /// <summary>Where the parts of <see cref="Message"/> lie.</summary>
    public ref readonly Envelope Envelope => ref _envelope;

    /// <summary>The method; Unknown where no revision defines it.</summary>
    public McpMethod Method => _envelope.Method;

    /// <summary><c>params</c>, raw; empty where there are none.</summary>
    public ReadOnlyMemory<byte> Parameters => _envelope.Params.Of(_message.AsMemory());

    /// <summary>The request's id, raw.</summary>
    internal ReadOnlySpan<byte> Id => _envelope.Id.Of(_message);

    /// <summary>The answer once it is written.</summary>
    internal PooledByteWriter Answer { get; } = new(256);

    /// <summary>Answers with a result. The last answer written before the handler returns is sent.</summary>
    /// <param name="result">A JSON object, raw; copied.</param>
    public void Complete(ReadOnlySpan<byte> result)
    {
        Answer.Clear();
        JsonRpcWriter.BeginResult(Answer, Id);
        Answer.Write(result);
        JsonRpcWriter.EndResult(Answer);
    }

    /// <summary>Answers with an error.</summary>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">What is wrong, for the peer to read.</param>
    /// <param name="data">Raw JSON; empty leaves it out.</param>
    public void Fail(int code, ReadOnlySpan<char> message, ReadOnlySpan<byte> data = default)
    {
        Answer.Clear();
        JsonRpcWriter.WriteError(Answer, Id, code, message, data);
    }
}
