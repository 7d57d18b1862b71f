using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Bridging;

/// <summary>
/// Passes an upstream's progress and log notifications of one call on to its caller, with the caller's own token. Made only for calls that asked for them.
/// Thread-safe: notifications come on the connection's reader while the call waits.
/// </summary>
internal sealed class CallNotifications
{
    // How many may wait for a slow caller. Progress tells where a call stands, so what a slow caller misses, the next one makes up for.
    private const int MaxWaiting = 64;

    private readonly Lock _gate = new();
    private readonly McpExchange _exchange;
    private readonly byte[] _token;
    private readonly bool _wantsLog;
    private Task _last = Task.CompletedTask;
    private int _waiting;
    private bool _ended;

    internal CallNotifications(McpExchange exchange)
    {
        _exchange = exchange;
        ref readonly var envelope = ref exchange.Envelope;
        _token = envelope.ProgressToken.Of(exchange.Body.Span).ToArray();
        _wantsLog = envelope.LogLevel.IsPresent;
        OnProgress = PassProgress;
        OnNotification = PassNotification;
    }

    internal NotificationCallback OnProgress { get; }

    internal NotificationCallback OnNotification { get; }

    /// <summary>Stops passing on, and waits for what is under way: the reply must come last, and the exchange ends with it.</summary>
    internal Task EndAsync()
    {
        lock (_gate)
        {
            _ended = true;
            return _last;
        }
    }

    private void PassProgress(in IncomingNotification notification)
    {
        var message = notification.Message;
        var token = notification.Envelope.NotifiedProgressToken;
        if (_token.Length == 0 || !token.IsPresent)
        {
            return;
        }

        using var writer = new PooledByteWriter(512);
        writer.Write(message[..token.Start]);
        writer.Write(_token);
        writer.Write(message[token.End..]);
        Pass(writer.WrittenSpan);
    }

    private void PassNotification(in IncomingNotification notification)
    {
        if (notification.Method == McpMethod.NotificationsProgress)
        {
            PassProgress(notification);
        }
        else if (notification.Method == McpMethod.NotificationsMessage && _wantsLog)
        {
            Pass(notification.Message);
        }
    }

    private void Pass(ReadOnlySpan<byte> notification)
    {
        lock (_gate)
        {
            if (_ended || _waiting >= MaxWaiting)
            {
                return;
            }

            var sending = _exchange.NotifyAsync(notification);
            if (sending.IsCompleted)
            {
                // Reads a failure too: a caller who cannot be reached is noticed by the reply.
                _ = sending.AsTask().Exception;
                return;
            }

            _waiting++;
            _last = WaitAsync(_last, sending.AsTask());
        }
    }

    private async Task WaitAsync(Task before, Task sending)
    {
        await before.ConfigureAwait(false);
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _waiting--;
        }
    }
}
