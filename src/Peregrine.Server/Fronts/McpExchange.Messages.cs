using Peregrine.Protocol.Buffers;
using Peregrine.Server.Duplex;
using Peregrine.Server.Subscriptions;

namespace Peregrine.Server.Fronts;

// Messages that go out ahead of the reply.
public abstract partial class McpExchange
{
    /// <summary>
    /// Sends a notification that belongs to this request, ahead of its reply. On HTTP this turns the reply into an event stream. Thread-safe. Ends
    /// when the front has taken the bytes, so a slow reader slows the sender. Does nothing once the call is cancelled.
    /// </summary>
    /// <param name="notification">The whole message; need not be kept after the call returns.</param>
    /// <param name="cancellationToken">Stops waiting for a slow reader.</param>
    public abstract ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends a notification of the call that is number <paramref name="generation"/>, and none of a later one: tools may report from threads that outlive the call.
    /// Does nothing once the reply is on its way.
    /// </summary>
    internal virtual ValueTask NotifyCallAsync(int generation, ReadOnlySpan<byte> notification, CancellationToken cancellationToken) =>
        IsOpen(generation) ? NotifyAsync(notification, cancellationToken) : default;

    /// <summary>
    /// Ends the connection on which the call that is number <paramref name="generation"/> is answered, while the call goes on: its client comes back for the rest (2025-11-25 and
    /// later, HTTP, in a session). <see cref="AllowMessages"/> comes first.
    /// </summary>
    /// <returns>False where front, client or revision cannot do that; nothing has happened then.</returns>
    internal virtual ValueTask<bool> CloseStreamAsync(int generation, TimeSpan retryAfter, CancellationToken cancellationToken) => default;

    /// <summary>
    /// True where messages may be sent ahead of the reply: the caller asked for progress or logging, or <see cref="AllowMessages"/> was called. The others need no lock at their end.
    /// </summary>
    internal bool SendsMessages => Volatile.Read(ref _sendsMessages);

    /// <summary>Says that messages may be sent ahead of the reply. To be called before the first, while the call's method runs.</summary>
    internal virtual void AllowMessages() => Volatile.Write(ref _sendsMessages, true);

    /// <summary>True where a request may be answered with a stream that stays open: see <see cref="ListenRequest"/>.</summary>
    internal virtual bool CanStream => false;

    /// <summary>
    /// Set by the responder, in place of a reply, where the request is to stay open as a stream of notifications. The front then opens it, and the exchange ends.
    /// </summary>
    internal ListenRequest? ListenRequest { get; set; }

    /// <summary>True where the message came with headers that mirror parts of it (HTTP, stateless era).</summary>
    internal virtual bool HasHeaders => false;

    /// <summary>Looks a header up.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <param name="value">Its value, as received, where there is exactly one.</param>
    /// <returns>How often the message has it.</returns>
    internal virtual int FindHeader(string name, out string value)
    {
        value = "";
        return 0;
    }

    /// <summary>Copies the progress token of the call that is number <paramref name="generation"/>.</summary>
    /// <returns>False where that call has ended.</returns>
    internal bool TryCopyProgressToken(int generation, PooledByteWriter writer)
    {
        lock (_cancelGate)
        {
            if (generation != _generation)
            {
                return false;
            }

            writer.Write(_envelope.ProgressToken.Of(Body.Span));
            return true;
        }
    }

    /// <summary>Has <paramref name="output"/> take a notification, where the call is open: its reply cannot come in between.</summary>
    internal bool TryAppend(int generation, IMessageOutput output, ReadOnlySpan<byte> notification)
    {
        lock (_cancelGate)
        {
            if (!IsOpenLocked(generation))
            {
                return false;
            }

            output.Append(notification);
            return true;
        }
    }

    /// <summary>From now on the call sends no notification.</summary>
    /// <returns>False where the call was cancelled: then it sends no reply either.</returns>
    internal bool TryBeginAnswer() => SendsMessages ? TryCloseNotifications() : !IsCancelled;

    /// <summary>The same where messages may be on their way whatever <see cref="SendsMessages"/> says.</summary>
    internal bool TryCloseNotifications()
    {
        lock (_cancelGate)
        {
            _answered = true;
            return !_cancelled;
        }
    }

    /// <summary>True as long as the call that is number <paramref name="generation"/> may send notifications.</summary>
    internal bool IsOpen(int generation)
    {
        lock (_cancelGate)
        {
            return IsOpenLocked(generation);
        }
    }

    private bool IsOpenLocked(int generation) => generation == _generation && !_answered && !_cancelled;
}
