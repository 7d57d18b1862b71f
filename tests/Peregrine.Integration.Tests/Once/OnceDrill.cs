using System.Collections.Concurrent;
using System.Text.Json;

namespace Peregrine.Integration.Tests.Once;

/// <summary>
/// Calls with keys against a server that is killed again and again: each until it is answered with a result, or that its outcome is unknown. Some are sent twice at once, some replies are
/// lost, some calls are repeated after they were answered.
/// </summary>
/// <remarks>All results of one call are the same; only where the ledger dies with the process, what the tool finds out afterwards stands beside a result that is gone.</remarks>
internal sealed class OnceDrill(Func<Task<IOnceLink>> start, string tool, bool keepsResults, int seed)
{
    private const int Workers = 24;

    private readonly ConcurrentDictionary<string, string> _outcomes = new();
    private readonly Random _random = new(seed);
    private readonly HashSet<int> _killedAt = [];
    private readonly SemaphoreSlim _kill = new(0);
    private TaskCompletionSource<IOnceLink> _link = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastId;
    private int _next;
    private int _attempts;
    private int _twins;
    private int _lost;
    private int _repeated;

    /// <summary>What was said of each key: the stored part of its result, or null for an unknown outcome.</summary>
    internal Dictionary<string, string?> Outcomes => _outcomes.ToDictionary(static pair => pair.Key, static pair => pair.Value.Length == 0 ? null : pair.Value);

    internal int Kills { get; private set; }

    internal string Counts => $"{_outcomes.Count} calls, {_attempts} attempts, {_twins} twins, {_lost} replies lost, {_repeated} repeated, {Kills} kills, "
        + $"{_outcomes.Values.Count(static text => text.Length > 0)} completed, {_outcomes.Values.Count(static text => text.Length == 0)} unknown";

    /// <summary>Runs so many calls; the server is killed so many times, each a moment after a call that is chosen at random has begun.</summary>
    internal async Task RunAsync(int calls, int kills)
    {
        while (_killedAt.Count < kills)
        {
            _killedAt.Add(_random.Next(1, calls * 4 / 5));
        }

        _link.SetResult(await start());
        using var done = new CancellationTokenSource();
        var killing = KillAsync(done.Token);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(calls)));
        await done.CancelAsync();
        await killing;
        await (await _link.Task).DisposeAsync();
    }

    private async Task KillAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _kill.WaitAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(NextDouble() * 10), CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var link = await _link.Task;
            var next = new TaskCompletionSource<IOnceLink>(TaskCreationOptions.RunContinuationsAsynchronously);
            _link = next;
            await link.KillAsync();
            Kills++;
            next.SetResult(await start());
            await link.DisposeAsync();
        }
    }

    private async Task WorkAsync(int calls)
    {
        while (Interlocked.Increment(ref _next) is var number && number <= calls)
        {
            if (_killedAt.Contains(number))
            {
                _kill.Release();
            }

            var key = $"call-{number:D7}-{Guid.NewGuid():N}";
            var call = new KeyedAttempts(key, DateTimeOffset.UtcNow, (await _link.Task).Epoch);
            var outcomes = NextDouble() < 0.1 ? await Task.WhenAll(Twin(call), AttemptAsync(call)) : [await AttemptAsync(call)];
            if (NextDouble() < 0.05)
            {
                Interlocked.Increment(ref _repeated);
                outcomes = [.. outcomes, await AttemptAsync(call)];
            }

            var completed = outcomes.Where(static outcome => outcome.Length > 0).Distinct().ToArray();
            Assert.True(completed.Length <= 1 || (!keepsResults && completed.Count(static text => !text.Contains(" found", StringComparison.Ordinal)) <= 1), $"{key} has {completed.Length} results: {string.Join(" | ", completed)}");
            _outcomes[key] = completed.FirstOrDefault() ?? "";
        }
    }

    private Task<string> Twin(KeyedAttempts call)
    {
        Interlocked.Increment(ref _twins);
        return AttemptAsync(call);
    }

    // Until there is an outcome: the stored part of a result, or nothing where nobody knows.
    private async Task<string> AttemptAsync(KeyedAttempts call)
    {
        while (true)
        {
            var link = await _link.Task;
            var id = Interlocked.Increment(ref _lastId);
            Interlocked.Increment(ref _attempts);
            using var lost = new CancellationTokenSource();
            if (NextDouble() < 0.1)
            {
                Interlocked.Increment(ref _lost);
                lost.CancelAfter(TimeSpan.FromMilliseconds(1 + (NextDouble() * 8)));
            }

            var reply = await link.CallAsync(OnceMessages.Call(id, tool, call.Key, call.NextAttempt(), call.Epoch, call.First), id, lost.Token);
            if (reply is null)
            {
                continue;
            }

            using var message = JsonDocument.Parse(reply);
            if (message.RootElement.TryGetProperty("result", out var result))
            {
                Assert.True(result.GetProperty("_meta").GetProperty("mcp_tx").GetProperty("processed").GetBoolean());
                return result.GetProperty("content").GetRawText();
            }

            var code = message.RootElement.GetProperty("error").GetProperty("code").GetInt32();
            Assert.True(code == 4005, reply);
            return "";
        }
    }

    private double NextDouble()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }

    private sealed class KeyedAttempts(string key, DateTimeOffset first, string epoch)
    {
        private int _attempts = -1;

        internal string Key => key;

        internal DateTimeOffset First => first;

        internal string Epoch => epoch;

        internal int NextAttempt() => Interlocked.Increment(ref _attempts);
    }
}
