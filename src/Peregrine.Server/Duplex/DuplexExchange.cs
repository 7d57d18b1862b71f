using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Duplex;

/// <summary>One call on a connection that carries many.</summary>
internal sealed class DuplexExchange(DuplexFront front) : McpExchange
{
    // The chain in InFlightCalls, or among its spares. A field: the chain is walked by reference.
    internal DuplexExchange? Next;

    internal DuplexExchange? NextWaiting { get; set; }

    internal int IdHash { get; set; }

    internal ReadOnlySpan<byte> Id => Envelope.Id.Of(Body.Span);

    /// <inheritdoc/>
    public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default) =>
        IsCancelled ? default : front.NotifyAsync(notification, cancellationToken);

    internal override ValueTask NotifyCallAsync(int generation, ReadOnlySpan<byte> notification, CancellationToken cancellationToken) =>
        front.NotifyAsync(this, generation, notification, cancellationToken);

    internal void Answer(ProtocolVersion version) => SetVersion(version);
}
