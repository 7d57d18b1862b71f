using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Fronts;
using Peregrine.Server.Sessions;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Bridging;

/// <summary>
/// Passes on what belongs to one call beside its reply: progress under the caller's own token, log messages that the caller wants, and questions of the upstream to the caller's
/// user (session era). Made only for calls that may have some of it. Thread-safe: messages come on the connection's reader while the call waits.
/// </summary>
internal sealed class CallRelay
{
    // How many may wait for a slow caller. Progress tells where a call stands, so what a slow caller misses, the next one makes up for.
    private const int MaxWaiting = 64;

    private readonly Lock _gate = new();
    private readonly McpExchange _exchange;
    private readonly int _generation;
    private readonly byte[] _token;
    private readonly McpLogLevel? _level;
    private readonly TimeSpan _answerTimeout;
    private readonly TimeProvider _time;
    private Task _last = Task.CompletedTask;
    private int _waiting;
    private bool _ended;

    private CallRelay(McpExchange exchange, TimeSpan answerTimeout, TimeProvider time)
    {
        _exchange = exchange;
        _answerTimeout = answerTimeout;
        _time = time;
        _generation = exchange.Generation;
        ref readonly var envelope = ref exchange.Envelope;
        _token = envelope.ProgressToken.Of(exchange.Body.Span).ToArray();
        _level = LogMessages.Wanted(exchange);
        OnProgress = PassProgress;
        OnNotification = PassNotification;
    }

    internal NotificationCallback OnProgress { get; }

    internal NotificationCallback OnNotification { get; }

    /// <summary>True where the caller can be asked something.</summary>
    internal bool TakesQuestions { get; private init; }

    /// <summary>Takes what comes on the call's stream and is about the upstream as a whole; null for nobody.</summary>
    internal NotificationCallback? Others { get; set; }

    /// <summary>True where everything on the call's stream is the caller's as it is: upstream and caller speak to each other under the caller's own id and token.</summary>
    private bool PassesAll { get; init; }

    /// <summary>Makes the relay of a call whose body nobody here has read: the upstream answers it in the caller's own terms.</summary>
    internal static CallRelay ForUnread(McpExchange exchange, TimeProvider time)
    {
        exchange.AllowMessages();
        return new CallRelay(exchange, TimeSpan.Zero, time) { PassesAll = true };
    }

    /// <summary>Makes a relay where the call may need one.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="upstream">The era of its upstream.</param>
    /// <param name="answerTimeout">How long its caller's user may take for an answer.</param>
    /// <param name="time">Where time comes from.</param>
    internal static CallRelay? For(McpExchange exchange, ProtocolEra upstream, TimeSpan answerTimeout, TimeProvider time)
    {
        var client = exchange.Session is { } session && upstream == ProtocolEra.Session && exchange.CanSendMessages ? session.Client : null;
        var takesQuestions = client is { Sampling: true } or { ElicitationForm: true } or { ElicitationUrl: true } or { Roots: true };
        if (!exchange.Envelope.ProgressToken.IsPresent && !takesQuestions && LogMessages.Wanted(exchange) is null)
        {
            return null;
        }

        exchange.AllowMessages();
        return new CallRelay(exchange, answerTimeout, time) { TakesQuestions = takesQuestions };
    }

    /// <summary>Asks the caller what the upstream asks, and answers the upstream with what the caller says. Ends with the answer.</summary>
    internal ValueTask AskAsync(IncomingRequest question, CancellationToken cancellationToken) =>
        SessionRelay.AskAsync(_exchange, _generation, question, _answerTimeout, _time, cancellationToken);

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
        if (PassesAll)
        {
            Pass(notification.Message);
        }
        else if (notification.Method == McpMethod.NotificationsProgress)
        {
            PassProgress(notification);
        }
        else if (notification.Method == McpMethod.NotificationsElicitationComplete)
        {
            PassWhere(TakesQuestions, notification);
        }
        else if (notification.Method == McpMethod.NotificationsMessage)
        {
            PassWhere(_level is { } wanted && LogNotification.LevelOf(notification.Parameters) >= wanted, notification);
        }
        else
        {
            Others?.Invoke(notification);
        }
    }

    private void PassWhere(bool wanted, in IncomingNotification notification)
    {
        if (wanted)
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
