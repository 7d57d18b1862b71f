using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Compat.Roots;

namespace Peregrine.Server.Sessions;

// What a server asks a session's client outside calls, and what it keeps of the answers.
public abstract partial class PeregrineSession
{
    private SessionRoots? _roots;

    /// <summary>The client's roots, as far as they are known.</summary>
    internal SessionRoots Roots => Volatile.Read(ref _roots) ?? Interlocked.CompareExchange(ref _roots, new SessionRoots(), null) ?? _roots;

    /// <summary>Asks the client whether it is there (<c>ping</c>).</summary>
    /// <param name="timeout">How long to wait; more than zero.</param>
    /// <param name="time">Where time comes from; null for the system's.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>
    /// True where it answered, be it with an error. False where it did not in time, cannot be reached now (HTTP: no stream is open), or the session has ended.
    /// </returns>
    public async ValueTask<bool> PingAsync(TimeSpan timeout, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        var id = Requests.Begin(out var answering);
        if (id == 0)
        {
            return false;
        }

        try
        {
            using var ping = new PooledByteWriter(64);
            JsonRpcWriter.WriteRequest(ping, id, "ping"u8, default);
            if (!TrySend(ping.WrittenSpan))
            {
                return false;
            }

            await answering.WaitAsync(timeout, time ?? TimeProvider.System, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Requests.Abandon(id);
        }
    }

    /// <summary>Takes a notification of the client that concerns what the session keeps of it.</summary>
    internal void TakeNotification(McpMethod method)
    {
        if (method == McpMethod.NotificationsRootsListChanged)
        {
            Volatile.Read(ref _roots)?.Forget();
        }
    }
}
