using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>The sessions of one endpoint: opened within bounds, found by id, ended by their clients or by one sweeper for all. Thread-safe.</summary>
internal sealed partial class HttpSessions
{
    // 192 random bits (the specification wants them not to be guessed), 32 letters.
    private const int IdBytes = 24;
    private const int IdLength = 32;

    private readonly ConcurrentDictionary<string, HttpSession> _byId = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly DateTimeOffset _startedAt;
    private readonly ILogger _logger;
    private long _lastStream;
    private long _openingSecond;
    private int _openings;
    private int _count;

    internal HttpSessions(HttpSessionOptions options, TimeProvider time, IWorkScheduler scheduler, ILogger logger)
    {
        Options = options;
        Scheduler = scheduler;
        Kept = new ByteBudget(options.MaxKeptBytes);
        _time = time;
        _logger = logger;
        _started = time.GetTimestamp();
        _startedAt = time.GetUtcNow();

        // Numbers go on where those of an earlier process ended, for no process opens streams faster than one a millisecond for all its life.
        _lastStream = _startedAt.ToUnixTimeMilliseconds();
    }

    internal HttpSessionOptions Options { get; }

    internal IWorkScheduler Scheduler { get; }

    /// <summary>Called for each session that was taken from the store, before it can be found.</summary>
    internal Action<PeregrineSession>? Revived { get; init; }

    /// <summary>The bytes that all sessions keep and queue.</summary>
    internal ByteBudget Kept { get; }

    /// <summary>How many are open.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Milliseconds since the endpoint was mapped: the clock of the sessions.</summary>
    internal long Now => (long)_time.GetElapsedTime(_started).TotalMilliseconds;

    internal DateTimeOffset ToTime(long now) => _startedAt.AddMilliseconds(now);

    internal long NextStreamNumber() => Interlocked.Increment(ref _lastStream);

    /// <summary>All that are open, as they come and go.</summary>
    internal IEnumerable<HttpSession> All => _byId.Select(static pair => pair.Value);

    internal HttpSession? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Makes a session that nobody can find yet: <see cref="AddAsync"/> or <see cref="Discard"/> must follow.</summary>
    /// <returns>Null where too many are open, or were opened lately.</returns>
    internal HttpSession? TryCreate(ProtocolVersion version, McpClientCapabilities client, McpClientInfo? info, string? owner)
    {
        if (!TryCountOpening() || !TryReserve())
        {
            SessionLog.Refused(_logger, Count);
            return null;
        }

        Span<byte> random = stackalloc byte[IdBytes];
        RandomNumberGenerator.Fill(random);
        var now = Now;
        return new HttpSession(this, Base64Url.EncodeToString(random), owner, version, client, now, now) { ClientInfo = info };
    }

    /// <summary>Lets a new session be found, once it is kept where that is wanted.</summary>
    internal async ValueTask AddAsync(HttpSession session)
    {
        if (Options.Store is not null)
        {
            await SaveAsync(session, session.TakeRecord(anyway: true)!).ConfigureAwait(false);
        }

        _byId[session.Id] = session;
        StartSweeping();
    }

    /// <summary>Forgets a session that was never added.</summary>
    internal void Discard(HttpSession session)
    {
        session.Close();
        Interlocked.Decrement(ref _count);
    }

    /// <summary>Ends a session.</summary>
    internal async ValueTask EndAsync(HttpSession session)
    {
        if (Remove(session))
        {
            await ForgetAsync(session.Id).ConfigureAwait(false);
        }
    }

    private bool Remove(HttpSession session)
    {
        session.End();
        if (!_byId.TryRemove(KeyValuePair.Create(session.Id, session)))
        {
            return false;
        }

        Interlocked.Decrement(ref _count);
        return true;
    }

    private bool TryReserve()
    {
        if (Interlocked.Increment(ref _count) <= Options.MaxSessions)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    private bool TryCountOpening()
    {
        var second = Now / 1000;
        lock (_gate)
        {
            if (second != _openingSecond)
            {
                (_openingSecond, _openings) = (second, 0);
            }

            return _openings++ < Options.MaxOpeningsPerSecond;
        }
    }
}
