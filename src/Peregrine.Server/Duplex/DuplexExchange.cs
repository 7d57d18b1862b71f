using System.Security.Claims;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Duplex;

/// <summary>One call on a connection that carries many.</summary>
internal sealed class DuplexExchange(DuplexFront front) : McpExchange
{
    // The chain in InFlightCalls, or among its spares. A field: the chain is walked by reference.
    internal DuplexExchange? Next;

    private bool _answered;

    internal DuplexExchange? NextWaiting { get; set; }

    /// <summary>The batch that the call came in, or null.</summary>
    internal DuplexBatch? Batch { get; set; }

    internal int IdHash { get; set; }

    /// <summary>
    /// True once the reply is about to be sent: from then on the peer may use the id again, though the call is still among those in flight. Written and read without a lock, for
    /// the peer learns of it only through what is sent afterwards.
    /// </summary>
    internal bool IsAnswered
    {
        get => Volatile.Read(ref _answered);
        set => Volatile.Write(ref _answered, value);
    }

    internal ReadOnlySpan<byte> Id => Envelope.Id.Of(Body.Span);

    /// <inheritdoc/>
    internal override bool CanStream => true;

    /// <inheritdoc/>
    internal override bool IsConnectionLost => front.IsClosing;

    /// <summary>The connection, where its host does not tell clients apart.</summary>
    internal override object ClientKey => front.Caller.ClientKey ?? front;

    /// <inheritdoc/>
    internal override object ConnectionKey => front;

    /// <inheritdoc/>
    internal override string NetworkTransport => front.Caller.Transport;

    /// <inheritdoc/>
    internal override object Owner => Principal ?? (object)front;

    /// <inheritdoc/>
    internal override string? Principal => front.Caller.Principal;

    /// <inheritdoc/>
    internal override ClaimsPrincipal? User => front.Caller.User;

    /// <inheritdoc/>
    internal override object? HostContext => front.Caller.HostContext;

    /// <inheritdoc/>
    public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default) =>
        IsCancelled ? default : front.NotifyAsync(notification, cancellationToken);

    internal override ValueTask NotifyCallAsync(int generation, ReadOnlySpan<byte> notification, CancellationToken cancellationToken) =>
        front.NotifyAsync(this, generation, notification, cancellationToken);

    internal void Answer(ProtocolVersion version) => SetVersion(version);
}
