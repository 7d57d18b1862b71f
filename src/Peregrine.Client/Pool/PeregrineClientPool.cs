using Peregrine.Client.Batching;
using Peregrine.Client.Caching;
using Peregrine.Client.Calling;
using Peregrine.Client.Pipeline;
using Peregrine.Client.Reliability;
using Peregrine.Client.Tools;
using Peregrine.Execution.Balancing;
using Peregrine.Execution.Resilience;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Pool;

/// <summary>
/// Several servers that offer the same, as one. Each request goes to one that is healthy; a retry goes to another. Where none is healthy a call fails at once with
/// <see cref="CallNotSentException"/> (4007). Thread-safe.
/// </summary>
public sealed class PeregrineClientPool : IAsyncDisposable
{
    private readonly PoolSlot[] _slots;
    private readonly PeregrineClient _client;
    private readonly ReliabilityStep _reliability;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _watching;
    private int _disposed;

    private PeregrineClientPool(PoolSlot[] slots, PeregrineClientOptions clientOptions, PoolOptions options)
    {
        _slots = slots;
        var seed = options.Client.Reliability.Seed;
        var random = seed is { } value ? new SeededRandom(unchecked((ulong)value)) : SeededRandom.Create();
        var sender = new PoolSender(slots, Balancer.Create(options.Strategy, random), options.Strategy, options.Client.Logger);
        _reliability = new ReliabilityStep(sender, clientOptions.Reliability, clientOptions.TimeProvider);
        var first = slots.First(static slot => slot.Client is not null).Client!;
        _client = first.Over(CacheSetup.Wrap(_reliability, clientOptions), clientOptions);
        _watching = options.ProbeInterval == TimeSpan.Zero ? Task.CompletedTask : Task.WhenAll(slots.Select(slot => slot.WatchAsync(_closing.Token)));
    }

    /// <summary>A client whose requests go through the pool, for what the pool has no method for. The pool disposes it.</summary>
    public PeregrineClient Client => _client;

    /// <summary>How its servers are doing, in the order in which they were given.</summary>
    public IReadOnlyList<PoolMemberStatus> Members => [.. _slots.Select(static slot => slot.Status)];

    /// <summary>Connects to all servers at once; those that cannot be reached are tried again later.</summary>
    /// <param name="members">The servers, one or more.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The options or the members are not valid; the message names all faults.</exception>
    /// <exception cref="PeregrineException">None of the servers can be reached.</exception>
    public static async ValueTask<PeregrineClientPool> ConnectAsync(
        IReadOnlyList<PoolMember> members, PoolOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PoolOptions();
        Check(members, options);
        var clientOptions = CacheSetup.Apply(options.Client);

        var slotOptions = clientOptions with { IsPooled = true };
        var slots = members.Select((member, index) => new PoolSlot(index, member, slotOptions, options)).ToArray();
        var connects = slots.Select(slot => slot.ConnectAsync(cancellationToken).AsTask()).ToArray();
        await Task.WhenAll((IEnumerable<Task>)connects).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellationToken.IsCancellationRequested || Array.TrueForAll(slots, static slot => slot.Client is null))
        {
            foreach (var slot in slots)
            {
                await slot.DisposeAsync().ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            await connects[0].ConfigureAwait(false);
        }

        return new PeregrineClientPool(slots, clientOptions, options);
    }

    /// <summary>Connects to what is not connected yet and asks each server for so many signs of life at once, so that its first calls find open connections.</summary>
    /// <param name="count">How many at once, 1 or more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many servers answered.</returns>
    public async ValueTask<int> WarmUpAsync(int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var warmed = await Task.WhenAll(_slots.Select(slot => WarmAsync(slot, count, cancellationToken))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return warmed.Count(static answered => answered);
    }

    /// <inheritdoc cref="PeregrineClient.ListToolsAsync"/>
    public ValueTask<IReadOnlyList<RemoteTool>> ListToolsAsync(CancellationToken cancellationToken = default) => _client.ListToolsAsync(cancellationToken);

    /// <inheritdoc cref="PeregrineClient.CallToolAsync(string, ReadOnlyMemory{byte}, IProgress{CallProgress}, CancellationToken)"/>
    public ValueTask<ToolResult> CallToolAsync(
        string name, ReadOnlyMemory<byte> arguments = default, IProgress<CallProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _client.CallToolAsync(name, arguments, progress, cancellationToken);

    /// <inheritdoc cref="PeregrineClient.CallToolAsync(string, ReadOnlyMemory{byte}, CallOptions, CancellationToken)"/>
    public ValueTask<ToolResult> CallToolAsync(string name, ReadOnlyMemory<byte> arguments, CallOptions options, CancellationToken cancellationToken = default) =>
        _client.CallToolAsync(name, arguments, options, cancellationToken);

    /// <inheritdoc cref="PeregrineClient.CallToolsAsync"/>
    public ValueTask<ToolCallResults> CallToolsAsync(IReadOnlyList<ToolCall> calls, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.CallToolsAsync(calls, options, cancellationToken);

    /// <summary>Closes all connections; calls in flight fail. More than once does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        foreach (var slot in _slots)
        {
            await slot.DisposeAsync().ConfigureAwait(false);
        }

        _reliability.Dispose();
        _closing.Dispose();
    }

    private static void Check(IReadOnlyList<PoolMember> members, PoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(members);
        options.Validate();
        if (members.Count == 0 || members.Contains(null!))
        {
            throw new ArgumentException(members.Count == 0 ? "A pool has one server or more." : "One of the servers is null.", nameof(members));
        }

        List<string> faults = [];
        foreach (var member in members)
        {
            OptionRange.Check(faults, member.Weight, 1, 1_000_000, $"{member.Name}: Weight");
        }

        foreach (var name in members.GroupBy(static member => member.Name, StringComparer.Ordinal).Where(static group => group.Count() > 1))
        {
            faults.Add($"There are {name.Count()} servers named {name.Key}.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(members));
        }
    }

    private static async Task<bool> WarmAsync(PoolSlot slot, int count, CancellationToken cancellationToken)
    {
        try
        {
            await slot.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(Enumerable.Range(0, count).Select(_ => slot.ProbeAsync(cancellationToken).AsTask())).ConfigureAwait(false);
            return !slot.Target.Health.IsEjected;
        }
        catch (Exception exception) when (exception is PeregrineException or OperationCanceledException)
        {
            return false;
        }
    }
}
