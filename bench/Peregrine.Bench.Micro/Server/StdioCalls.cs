using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Bench.Micro.Ratios;
using Peregrine.Observability.Scheduling;
using Peregrine.Server;
using Peregrine.Server.Duplex;
using Peregrine.Server.Stdio;

namespace Peregrine.Bench.Micro.Server;

/// <summary>Calls of a server's <c>echo</c> on stdio without system calls, as something to compare.</summary>
internal static class StdioCalls
{
    private const int Batches = 10;

    /// <summary>Calls of one operation.</summary>
    public const int Count = Batches * MessageFeed.BatchSize;

    /// <summary>A server as a contestant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Gives it the tool.</param>
    public static Contestant Of(string name, Func<PeregrineServerBuilder, PeregrineServerBuilder> configure)
    {
        var server = new Lazy<PeregrineServer>(() => configure(PeregrineServer.CreateBuilder("bench", "1")).Build());
        return new Contestant(name, () => RunAsync(server.Value).GetAwaiter().GetResult());
    }

    private static async Task<int> RunAsync(PeregrineServer server)
    {
        var feed = new MessageFeed("{\"message\":\"hello, peregrine\"}", "", Batches);

        // No limit of calls: the feed does not wait for replies, and refusing is not what is measured.
        var options = DuplexOptions.Default with { MaxCallsInFlight = 1_000_000 };
        using var stdio = new StdioServer(server, feed, options, ThreadPoolScheduler.Instance, NullLogger.Instance);
        await stdio.RunAsync(TimeProvider.System, CancellationToken.None);
        return (int)feed.Written;
    }
}
