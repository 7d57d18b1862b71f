using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Duplex;

/// <summary>One call on a connection that carries many. Its own work item, so that queueing it allocates nothing.</summary>
internal sealed class DuplexExchange(DuplexFront front) : McpExchange, IThreadPoolWorkItem
{
    // The chain in InFlightCalls, or among its spares. A field: the chain is walked by reference.
    internal DuplexExchange? Next;

    internal int IdHash { get; set; }

    internal ReadOnlySpan<byte> Id => Envelope.Id.Of(Body.Span);

    /// <inheritdoc/>
    public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default) =>
        IsCancelled ? default : front.NotifyAsync(notification, cancellationToken);

    /// <inheritdoc/>
    public void Execute() => front.Run(this);

    internal void Answer(ProtocolVersion version) => SetVersion(version);
}
