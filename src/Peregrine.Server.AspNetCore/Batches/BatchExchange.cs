using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Sessions;

namespace Peregrine.Server.AspNetCore.Batches;

/// <summary>One message of a batch that came over HTTP. It runs by itself; what it sends goes where its batch sends.</summary>
internal sealed class BatchExchange(HttpBatch batch) : SessionCall, IThreadPoolWorkItem
{
    private AsyncServiceScope? _scope;

    /// <summary>Of a scope of its own: the messages of a batch run at the same time.</summary>
    public override IServiceProvider? Services => (_scope ??= batch.Services.CreateAsyncScope()).ServiceProvider;

    /// <inheritdoc/>
    internal override string? Principal => SessionOwner.Of(batch.Context);

    /// <inheritdoc/>
    internal override ClaimsPrincipal? User => SessionOwner.UserOf(batch.Context);

    /// <inheritdoc/>
    internal override object? HostContext => batch.Context;

    /// <inheritdoc/>
    internal override string NetworkTransport => SessionOwner.TransportOf(batch.Context);

    /// <inheritdoc/>
    internal override object ClientKey => SessionOwner.ClientKeyOf(batch.Context) ?? base.ClientKey;

    /// <inheritdoc/>
    internal override object ConnectionKey => batch.Context.Connection.Id;

    /// <inheritdoc/>
    public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default) =>
        NotifyCallAsync(Generation, notification, cancellationToken);

    /// <summary>Runs the message.</summary>
    public void Execute() => _ = batch.RunAsync(this);

    internal override ValueTask NotifyCallAsync(int generation, ReadOnlySpan<byte> notification, CancellationToken cancellationToken)
    {
        if (!batch.AcceptsEvents || IsCancelled)
        {
            return default;
        }

        var rented = PooledArrays.Rent<byte>(notification.Length);
        notification.CopyTo(rented);
        return batch.NotifyAsync(this, generation, rented, notification.Length, cancellationToken);
    }

    internal void Answer(ProtocolVersion version) => SetVersion(version);

    internal ValueTask EndServicesAsync() => _scope is { } scope ? scope.DisposeAsync() : default;
}
