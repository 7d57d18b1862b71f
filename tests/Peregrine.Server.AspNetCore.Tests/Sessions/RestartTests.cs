using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Clients;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>Sessions go on after the process was killed, where they are kept.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-sessions-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheNextRequestIsServedInItsSession(bool inFiles)
    {
        IMcpSessionStore Store() => inFiles ? new FileSessionStore(_folder) : _shared;
        TestSession session;
        await using (var site = await StartAsync(Store(), TimeProvider.System))
        {
            session = await site.OpenAsync("2025-06-18", """{"sampling":{}}""");
            var end = site.EndOf(session);
            end.LogLevel = McpLogLevel.Notice;
            end.State = [1, 2, 3];
            await session.CallAsync("echo");
        }

        await using var again = await StartAsync(Store(), TimeProvider.System);
        var came = session.At(again.Site);
        Assert.Equal("{}", (await came.CallAsync("echo")).Text());
        var revived = again.EndOf(came);
        Assert.Equal(ProtocolVersion.V2025_06_18, revived.Version);
        Assert.True(revived.Client.Sampling);
        Assert.Equal(McpLogLevel.Notice, revived.LogLevel);
        Assert.Equal([1, 2, 3], revived.State!);
        using var stream = await came.ReadAsync();
        Assert.Equal(1, again.Sessions.Count);
        Assert.Equal(HttpStatusCode.NoContent, await came.DeleteAsync());

        await using var last = await StartAsync(Store(), TimeProvider.System);
        using var gone = await session.At(last.Site).PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private readonly InMemorySessionStore _shared = new();

    [Fact]
    public async Task ManyRequestsAtOnceReviveItOnce()
    {
        TestSession session;
        await using (var site = await StartAsync(_shared, TimeProvider.System))
        {
            session = await site.OpenAsync();
        }

        await using var again = await StartAsync(_shared, TimeProvider.System);
        var came = session.At(again.Site);
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => came.CallAsync("echo")));

        Assert.All(replies, static reply => Assert.Equal("{}", reply.Text()));
        Assert.Equal(1, again.Sessions.Count);
    }

    [Fact]
    public async Task AnExpiredOneIsNotRevived()
    {
        var time = new ManualTime();
        TestSession session;
        await using (var site = await StartAsync(_shared, time))
        {
            session = await site.OpenAsync();
        }

        Assert.Equal(1, _shared.Count);
        time.Advance(TimeSpan.FromMinutes(31));
        await using var again = await StartAsync(_shared, time);
        using var response = await session.At(again.Site).PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(0, _shared.Count);
        Assert.Equal(0, again.Sessions.Count);
    }

    [Fact]
    public async Task TheSweeperForgetsWhatAnEarlierProcessLeft()
    {
        var time = new ManualTime();
        var store = new FileSessionStore(_folder);
        await using (var site = await StartAsync(store, time))
        {
            for (var i = 0; i < 5; i++)
            {
                await site.OpenAsync();
            }
        }

        time.Advance(TimeSpan.FromHours(1));
        await using var again = await StartAsync(store, time);
        await again.OpenAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await Waiting.UntilAsync(() => Directory.GetFiles(_folder).Length == 1);
    }

    [Fact]
    public async Task ADamagedFileCountsAsNone()
    {
        TestSession session;
        await using (var site = await StartAsync(new FileSessionStore(_folder), TimeProvider.System))
        {
            session = await site.OpenAsync(capabilities: """{"sampling":{},"roots":{}}""");
        }

        var path = Assert.Single(Directory.GetFiles(_folder));
        Assert.DoesNotContain(session.Id, path, StringComparison.Ordinal);
        var whole = await File.ReadAllBytesAsync(path);
        for (var length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            var store = new FileSessionStore(_folder);
            var sessions = new HttpSessions(HttpSessionOptions.Default with { Store = store }, TimeProvider.System, Observability.Scheduling.ThreadPoolScheduler.Instance, NullLogger.Instance);
            await sessions.ReviveAsync(session.Id, CancellationToken.None);
            Assert.Null(sessions.Find(session.Id));
            sessions.Stop();
        }

        await File.WriteAllBytesAsync(path, whole);
        await using var again = await StartAsync(new FileSessionStore(_folder), TimeProvider.System);
        Assert.Equal("{}", (await session.At(again.Site).CallAsync("echo")).Text());
    }

    [Fact]
    public async Task ASessionThatCannotBeRevivedTakesNoPlace()
    {
        TestSession session;
        await using (var site = await StartAsync(_shared, TimeProvider.System))
        {
            session = await site.OpenAsync();
        }

        var sessions = new HttpSessions(HttpSessionOptions.Default with { Store = _shared }, TimeProvider.System, Observability.Scheduling.ThreadPoolScheduler.Instance, NullLogger.Instance)
        {
            Revived = static _ => throw new InvalidOperationException("What is this?"),
        };
        await sessions.ReviveAsync(session.Id, CancellationToken.None);
        Assert.Null(sessions.Find(session.Id));
        Assert.Equal(0, sessions.Count);
        sessions.Stop();
    }

    [Fact]
    public async Task AStoreThatFailsCostsOnlyTheSurvival()
    {
        await using var site = await StartAsync(new BrokenStore(), TimeProvider.System);

        var session = await site.OpenAsync();
        Assert.Equal("{}", (await session.CallAsync("echo")).Text());
        using var unknown = await new TestSession(site.Site, new string('A', 32), "2025-11-25").PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await session.DeleteAsync());
        Assert.All(site.Site.Log.All, static record => Assert.StartsWith("SessionStoreFailed", record, StringComparison.Ordinal));
        Assert.Equal(3, site.Site.Log.All.Count);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("someone", McpLogLevel.Emergency)]
    public void ARecordIsReadAsItWasWritten(string? owner, McpLogLevel? level)
    {
        var record = new SessionRecord(ProtocolVersion.V2025_11_25, level, DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch.AddDays(2), owner,
            McpClientCapabilities.None.Json, ReadOnlyMemory<byte>.Empty);

        var read = SessionRecord.TryRead(record.ToBytes())!;

        Assert.Equal((record.Version, level, record.Opened, record.LastUsed, owner), (read.Version, read.LogLevel, read.Opened, read.LastUsed, read.Owner));
    }

    private static Task<SessionSite> StartAsync(IMcpSessionStore store, TimeProvider time) =>
        SessionSite.StartAsync(HttpFrontOptions.Default with { TimeProvider = time, Sessions = HttpSessionOptions.Default with { Store = store } });

    private sealed class BrokenStore : IMcpSessionStore
    {
        public ValueTask SaveAsync(string id, ReadOnlyMemory<byte> record, DateTimeOffset expires, CancellationToken cancellationToken) => throw new IOException("broken");

        public ValueTask<byte[]?> LoadAsync(string id, CancellationToken cancellationToken) => throw new IOException("broken");

        public ValueTask RemoveAsync(string id, CancellationToken cancellationToken) => throw new IOException("broken");

        public ValueTask RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new IOException("broken");
    }
}
