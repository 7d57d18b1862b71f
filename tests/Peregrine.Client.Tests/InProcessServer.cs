using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Observability.Scheduling;
using Peregrine.Server;
using Peregrine.Server.Duplex;
using Peregrine.Transport.Connections;
using Peregrine.Transport.InMemory;

namespace Peregrine.Client.Tests;

/// <summary>A real server of this library in this process, and the connection to it.</summary>
public sealed class InProcessServer : IAsyncDisposable
{
    private readonly Task _serving;

    public InProcessServer(Func<PeregrineServerBuilder, PeregrineServerBuilder> describe)
    {
        // A call that had to wait for its core must not move the tool to other threads in the middle of a measurement.
        var server = describe(PeregrineServer.CreateBuilder("test", "1.0")).Configure(static options => options with { BlockingThreshold = TimeSpan.FromHours(1) }).Build();
        var (client, ends) = InMemoryStreams.Create();
        _serving = StreamServer.ServeAsync(server, ends.Input, ends.Output, null, ThreadPoolScheduler.Instance, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        Connection = DuplexConnection.Start(client.Input, client.Output, "in process");
    }

    public DuplexConnection Connection { get; }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _serving;
    }
}
