using System.Buffers.Text;
using Peregrine.Server.Clients;

namespace Peregrine.Server.AspNetCore.Sessions;

// What survives a restart. A store that fails costs that, and nothing else.
internal sealed partial class HttpSessions
{
    private static readonly TimeSpan ForgettingPeriod = TimeSpan.FromHours(1);

    // Long past, so that what an earlier process left behind is looked through at the first sweep.
    private long _forgotten = long.MinValue / 2;

    /// <summary>Takes a session from the store, where it is kept there and has not expired: then it can be found.</summary>
    internal async ValueTask ReviveAsync(string id, CancellationToken cancellationToken)
    {
        if (Options.Store is not { } store || id.Length != IdLength || !Base64Url.IsValid(id) || _byId.ContainsKey(id))
        {
            return;
        }

        try
        {
            if (await store.LoadAsync(id, cancellationToken).ConfigureAwait(false) is { } bytes && SessionRecord.TryRead(bytes) is { } record)
            {
                await ReviveAsync(id, record).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            SessionLog.StoreFailed(_logger, exception);
        }
    }

    /// <summary>Keeps what has changed of a session.</summary>
    internal ValueTask SaveChangesAsync(HttpSession session) =>
        Options.Store is not null && session.TakeRecord(anyway: false) is { } record ? SaveAsync(session, record) : default;

    private async ValueTask ReviveAsync(string id, SessionRecord record)
    {
        var now = Now;
        var opened = (long)(record.Opened - _startedAt).TotalMilliseconds;
        var lastUsed = (long)(record.LastUsed - _startedAt).TotalMilliseconds;
        var session = new HttpSession(this, id, record.Owner, record.Version, McpClientCapabilitiesCache.Shared.Get(record.Capabilities.Span), opened, lastUsed)
        {
            ClientInfo = McpClientInfo.Get(record.ClientInfo.Span),
            LogLevel = record.LogLevel,
            State = record.State.IsEmpty ? null : record.State.ToArray(),
        };
        if (session.TryExpire(now))
        {
            await ForgetAsync(id).ConfigureAwait(false);
        }
        else if (TryReserve())
        {
            var isFound = false;
            try
            {
                session.Touch();
                Revived?.Invoke(session);
                isFound = _byId.TryAdd(id, session);
            }
            finally
            {
                if (!isFound)
                {
                    // Two requests at once, and the other's is as good; or what it said is not understood.
                    Discard(session);
                }
            }

            if (isFound)
            {
                StartSweeping();
            }
        }
    }

    private async ValueTask SaveAsync(HttpSession session, byte[] record)
    {
        try
        {
            var age = TimeSpan.FromMilliseconds(session.Opened) + Options.MaxAge;
            var idle = TimeSpan.FromMilliseconds(session.LastUsed) + Options.IdleTime * 1.25;
            await Options.Store!.SaveAsync(session.Id, record, _startedAt + (age < idle ? age : idle), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            SessionLog.StoreFailed(_logger, exception);
        }
    }

    private async ValueTask ForgetAsync(string id)
    {
        if (Options.Store is not { } store)
        {
            return;
        }

        try
        {
            await store.RemoveAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            SessionLog.StoreFailed(_logger, exception);
        }
    }

    private async ValueTask ForgetExpiredAsync(long now)
    {
        if (Options.Store is not { } store || now - _forgotten < ForgettingPeriod.TotalMilliseconds)
        {
            return;
        }

        _forgotten = now;
        try
        {
            await store.RemoveExpiredAsync(ToTime(now), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            SessionLog.StoreFailed(_logger, exception);
        }
    }
}
