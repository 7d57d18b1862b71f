using System.Collections.Immutable;
using Peregrine.Client.Interaction;
using Peregrine.Client.Logging;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Connecting;

/// <summary>Takes what the server says by itself, on whichever connection of the client, to those who want it. Thread-safe.</summary>
internal sealed class ServerEvents(PeregrineClientOptions options, QuestionAnswerer answerer) : IncomingHandler
{
    private ImmutableArray<NotificationCallback> _taps = [];

    /// <summary>Lets <paramref name="tap"/> see every notification that belongs to no request. See <see cref="NotificationCallback"/> for what it may do.</summary>
    internal void Add(NotificationCallback tap) => ImmutableInterlocked.Update(ref _taps, static (taps, one) => taps.Add(one), tap);

    /// <summary>The contrary of <see cref="Add"/>.</summary>
    internal void Remove(NotificationCallback tap) => ImmutableInterlocked.Update(ref _taps, static (taps, one) => taps.Remove(one), tap);

    /// <inheritdoc/>
    public override void OnNotification(in IncomingNotification notification)
    {
        foreach (var tap in _taps)
        {
            tap(notification);
        }

        if (notification.Method == McpMethod.NotificationsMessage && options.OnLog is { } onLog)
        {
            onLog(ServerLogMessage.Read(notification.Parameters));
        }

        options.Handler?.OnNotification(notification);
    }

    /// <inheritdoc/>
    public override async ValueTask RespondAsync(IncomingRequest request, CancellationToken cancellationToken)
    {
        var answer = await answerer.AnswerAsync(request.Method, request.Parameters, cancellationToken).ConfigureAwait(false);
        if (answer is { } result)
        {
            request.Complete(result.Span);
        }
        else if (options.Handler is { } handler)
        {
            await handler.RespondAsync(request, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await base.RespondAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }
}
