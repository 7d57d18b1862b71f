using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Memory;

namespace Peregrine.Execution.Tests.Memory;

public sealed class MemoryGovernorTests : IDisposable
{
    private static readonly MemoryOptions Limits = new() { MaxStreamBytes = 100_000, MaxConnectionBytes = 200_000, MaxProcessBytes = 400_000 };

    private readonly ResultCache _cache = new(CacheOptions.Default, new ManualTime());
    private readonly MemoryGovernor _governor;
    private readonly List<string> _ended = [];

    public MemoryGovernorTests() => _governor = new MemoryGovernor(Limits, new ManualTime(), NullLogger.Instance, _cache);

    public void Dispose() => _governor.Dispose();

    [Fact]
    public void AStreamAConnectionAndTheWholeHaveTheirLimits()
    {
        using var stream = Open("a");
        stream.Take(100_000);
        Assert.False(Assert.Throws<ResourceExhaustedException>(() => stream.Take(1)).IsRetryable);

        using var second = Open("a");
        second.Take(100_000);
        using var third = Open("a");
        Assert.True(Assert.Throws<ResourceExhaustedException>(() => third.Take(1)).IsRetryable);
        Assert.Empty(_ended);

        stream.Return(50_000);
        third.Take(50_000);
        Assert.Equal((200_000L, 200_000L, 3, 2L), (_governor.Statistics.Bytes, _governor.Statistics.PeakBytes, _governor.Statistics.Streams, _governor.Statistics.Refused));
    }

    [Fact]
    public void WhereThereIsNothingLeftTheLargestIsEnded()
    {
        var small = new[] { "b", "c", "d" }.Select(connection => Open(connection)).ToList();
        var largest = Open("a");
        largest.Take(100_000);
        small[0].Take(90_000);
        small[1].Take(90_000);
        small[2].Take(20_000);
        using var late = Open("e");

        // Near the limit what has begun may go on; what has not is refused.
        small[2].Take(40_000);
        Assert.True(Assert.Throws<ResourceExhaustedException>(() => late.Take(10_000)).IsRetryable);
        Assert.Empty(_ended);
        Assert.True(Assert.Throws<ResourceExhaustedException>(() => late.Take(70_000)).IsRetryable);

        Assert.Equal(["a: Largest"], _ended);
        Assert.Throws<ResourceExhaustedException>(() => largest.Take(1));
        largest.Dispose();
        late.Take(5_000);
        small.ForEach(static stream => stream.Dispose());
        Assert.Equal(5_000, _governor.Statistics.Bytes);
    }

    [Fact]
    public void NearTheLimitTheCacheGivesWayAndComesBack()
    {
        var lookup = _cache.Look(new CacheKey(new CacheGroup("t", TimeSpan.FromHours(1)), ArgumentHash.Of("1"u8), null, 0), [], "t");
        _cache.Complete(lookup.Fill!, new byte[1000], storable: true);
        var streams = new[] { "a", "b", "c", "d" }.Select(connection => Open(connection)).ToList();
        streams[..3].ForEach(static stream => stream.Take(80_000));
        Assert.Equal(CacheOptions.Default.MaxBytes, _cache.Statistics.MaxBytes);
        streams[3].Take(60_000);

        Assert.Equal(CacheOptions.Default.MaxBytes / 4, _cache.Statistics.MaxBytes);
        streams.ForEach(static stream => stream.Dispose());
        Assert.Equal(CacheOptions.Default.MaxBytes, _cache.Statistics.MaxBytes);
        Assert.Equal((0L, 0), (_governor.Statistics.Bytes, _governor.Statistics.Streams));
    }

    [Fact]
    public void FaultyOptionsAreAllNamed()
    {
        var faults = string.Join(' ', new MemoryOptions { MaxStreamBytes = 1, MaxProcessBytes = 2, SoftPercent = 0, AbandonAfter = TimeSpan.Zero }.Validate());
        foreach (var name in (string[])["MaxStreamBytes", "MaxProcessBytes", "SoftPercent", "AbandonAfter"])
        {
            Assert.Contains(name, faults, StringComparison.Ordinal);
        }
    }

    private StreamLease Open(string connection) => _governor.Open(connection, connection, why => _ended.Add($"{connection}: {why}"));
}
