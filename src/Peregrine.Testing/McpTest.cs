using System.Text;
using Peregrine.Client;
using Peregrine.Observability.Scheduling;
using Peregrine.Server;
using Peregrine.Server.Duplex;
using Peregrine.Testing.Contracts;
using Peregrine.Testing.Links;
using Peregrine.Testing.Logging;
using Peregrine.Testing.Time;
using Peregrine.Transport.Connections;

namespace Peregrine.Testing;

/// <summary>
/// A server and a client of it in memory, for tests. What the test is given: the client, the server, the server's clock, which stands still until the test moves it, and the server's log. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// await using var app = await McpTest.StartAsync(server =&gt; server.AddTools(new WeatherTools()));
/// Assert.Equal("It is 19 °C in Oslo.", await app.CallTextAsync("get_weather", """{"city":"Oslo"}"""));
/// </code>
/// </example>
public sealed class McpTest : IAsyncDisposable
{
    private readonly Task _serving;

    private McpTest(PeregrineServer server, PeregrineClient client, ManualTime time, TestLog log, Task serving)
    {
        Server = server;
        Client = client;
        Time = time;
        Log = log;
        Contract = new Contract(client);
        _serving = serving;
    }

    /// <summary>The client, connected.</summary>
    public PeregrineClient Client { get; }

    /// <summary>The server.</summary>
    public PeregrineServer Server { get; }

    /// <summary>The server's clock. It stands still; <see cref="ManualTime.Advance"/> moves it.</summary>
    public ManualTime Time { get; }

    /// <summary>What the server has logged.</summary>
    public TestLog Log { get; }

    /// <summary>What the server offers, to be compared with a committed file.</summary>
    public Contract Contract { get; }

    /// <summary>Builds a server, and connects a client to it.</summary>
    /// <param name="describe">Adds tools and changes options. The clock and the log are set already, and may be set otherwise here.</param>
    /// <param name="options">How to connect; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="InvalidOperationException">The server cannot be built; the message names every fault.</exception>
    /// <exception cref="PeregrineException">The two do not come to an agreement, for instance because the link loses what they say.</exception>
    public static async Task<McpTest> StartAsync(Action<PeregrineServerBuilder> describe, McpTestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(describe);
        options ??= McpTestOptions.Default;
        var time = new ManualTime();
        var log = new TestLog();
        var builder = PeregrineServer.CreateBuilder("test", "1.0").UseLogging(log).Configure(server => server with { TimeProvider = time });
        describe(builder);
        var server = builder.Build();
        var link = LossyLink.Create(options.Link);
        var serving = ServeAsync(server, link, log);
        var connection = DuplexConnection.Start(link.Client.Input, link.Client.Output, "the server under test");
        try
        {
            var client = await PeregrineClient.ConnectAsync(connection, options.Client, cancellationToken).ConfigureAwait(false);
            return new McpTest(server, client, time, log, serving);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            await serving.ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Calls a tool, and gives the text of its answer.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">Its arguments: a JSON object.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <exception cref="McpTestException">The tool failed; the message is what it said.</exception>
    public async Task<string> CallTextAsync(string tool, string arguments = "{}", CancellationToken cancellationToken = default)
    {
        using var result = await Client.CallToolAsync(tool, Encoding.UTF8.GetBytes(arguments), progress: null, cancellationToken).ConfigureAwait(false);
        return result.IsError ? throw new McpTestException($"The tool \"{tool}\" failed: {result.GetText()}") : result.GetText();
    }

    /// <summary>Closes the connection, and waits until the server has let go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(false);
    }

    // The drain at the end waits by the server's clock, which stands still: a test that leaves calls behind must not hang.
    private static async Task ServeAsync(PeregrineServer server, LossyLink link, TestLog log)
    {
        await StreamServer.ServeAsync(server, link.Server.Input, link.Server.Output, DuplexOptions.Default, ThreadPoolScheduler.Instance, TimeProvider.System,
            log.CreateLogger("Peregrine.Server.Stream"), CancellationToken.None).ConfigureAwait(false);
        await link.Server.Output.DisposeAsync().ConfigureAwait(false);
        await link.Server.Input.DisposeAsync().ConfigureAwait(false);
    }
}
