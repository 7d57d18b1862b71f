using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Transport.Connections;

/// <summary>A notification from the peer. Its bytes are valid only during the call that hands it out: copy what you keep.</summary>
public readonly ref struct IncomingNotification
{
    private readonly ref readonly Envelope _envelope;

    internal IncomingNotification(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        Message = message;
        _envelope = ref envelope;
    }

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Message { get; }

    /// <summary>Where the parts of <see cref="Message"/> lie.</summary>
    public ref readonly Envelope Envelope => ref _envelope;

    /// <summary>The method; Unknown where no revision defines it.</summary>
    public McpMethod Method => _envelope.Method;

    /// <summary><c>params</c>, raw; empty where there are none.</summary>
    public ReadOnlySpan<byte> Parameters => _envelope.Params.Of(Message);
}
