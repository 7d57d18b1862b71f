using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Client;
using Peregrine.Observability.Scheduling;
using Peregrine.Server;
using Peregrine.Server.Duplex;
using Peregrine.Testing.Contracts;
using Peregrine.Testing.Links;
using Peregrine.Testing.Logging;
using Peregrine.Testing.Time;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

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
    private readonly McpTestClient _client;

    private McpTest(PeregrineServer server, McpTestClient client, ManualTime time, TestLog log)
    {
        Server = server;
        Time = time;
        Log = log;
        _client = client;
    }

    /// <summary>The client, connected.</summary>
    public PeregrineClient Client => _client.Client;

    /// <summary>The server.</summary>
    public PeregrineServer Server { get; }

    /// <summary>The server's clock. It stands still; <see cref="ManualTime.Advance"/> moves it.</summary>
    public ManualTime Time { get; }

    /// <summary>What the server has logged.</summary>
    public TestLog Log { get; }

    /// <summary>The link between the two.</summary>
    public LossyLink Link => _client.Link!;

    /// <summary>What the server offers, to be compared with a committed file.</summary>
    public Contract Contract => _client.Contract;

    /// <summary>Builds a server, and connects a client to it.</summary>
    /// <param name="describe">Adds tools and changes options. The clock and the log are set already, and may be set otherwise here.</param>
    /// <param name="options">How to connect; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="InvalidOperationException">The server cannot be built; the message names every fault.</exception>
    /// <exception cref="PeregrineException">The two do not come to an agreement, for instance because the link loses what they say.</exception>
    public static async Task<McpTest> StartAsync(Action<PeregrineServerBuilder> describe, McpTestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(describe);
        var time = new ManualTime();
        var log = new TestLog();
        var builder = PeregrineServer.CreateBuilder("test", "1.0").UseLogging(log).Configure(server => server with { TimeProvider = time });
        describe(builder);
        var server = builder.Build();
        var client = await ConnectAsync(server, options ?? McpTestOptions.Default, log.CreateLogger("Peregrine.Server.Stream"), cancellationToken).ConfigureAwait(false);
        return new McpTest(server, client, time, log);
    }

    /// <summary>Connects a client, in memory, to a server that exists: one of a container, with its own clock and log.</summary>
    /// <param name="server">The server.</param>
    /// <param name="options">How to connect; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="PeregrineException">The two do not come to an agreement.</exception>
    public static Task<McpTestClient> ForAsync(PeregrineServer server, McpTestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        return ConnectAsync(server, options ?? McpTestOptions.Default, NullLogger.Instance, cancellationToken);
    }

    /// <summary>
    /// Connects a client to a server in an ASP.NET Core application under test, through its handler: that of a <c>WebApplicationFactory</c> or a <c>TestServer</c>.
    /// </summary>
    /// <example><code>await using var app = await McpTest.ForAsync(factory.Server.CreateHandler());</code></example>
    /// <param name="application">What the application answers; not disposed.</param>
    /// <param name="path">Where the server is mapped.</param>
    /// <param name="options">The client's settings; null for the defaults. The link has no effect.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="PeregrineException">Nothing answers at the path, or not as a server does.</exception>
    public static async Task<McpTestClient> ForAsync(HttpMessageHandler application, string path = "/mcp", McpTestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(path);
        var client = (options ?? McpTestOptions.Default).Client;
        var connection = new HttpConnection(new HttpConnectionOptions
        {
            Endpoint = new Uri(new Uri("http://localhost"), path),
            Headers = client.Headers,
            MessageHandler = application,
        });
        return new McpTestClient(await PeregrineClient.ConnectAsync(connection, client, cancellationToken).ConfigureAwait(false), link: null, ended: null);
    }

    /// <summary>Calls a tool, and gives the text of its answer.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">Its arguments: a JSON object.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <exception cref="McpTestException">The tool failed; the message is what it said.</exception>
    public Task<string> CallTextAsync(string tool, string arguments = "{}", CancellationToken cancellationToken = default) => _client.CallTextAsync(tool, arguments, cancellationToken);

    /// <summary>Closes the connection, and waits until the server has let go of it.</summary>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static async Task<McpTestClient> ConnectAsync(PeregrineServer server, McpTestOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var link = LossyLink.Create(options.Link);
        var serving = ServeAsync(server, link, logger);
        var connection = DuplexConnection.Start(link.Client.Input, link.Client.Output, "the server under test");
        try
        {
            var client = await PeregrineClient.ConnectAsync(connection, options.Client, cancellationToken).ConfigureAwait(false);
            return new McpTestClient(client, link, () => serving);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            link.Resume();
            await serving.ConfigureAwait(false);
            throw;
        }
    }

    // The drain at the end waits by the server's clock, which may stand still: a test that leaves calls behind must not hang.
    private static async Task ServeAsync(PeregrineServer server, LossyLink link, ILogger logger)
    {
        await StreamServer.ServeAsync(server, link.Server.Input, link.Server.Output, DuplexOptions.Default, ThreadPoolScheduler.Instance, TimeProvider.System, logger, CancellationToken.None).ConfigureAwait(false);
        await link.Server.Output.DisposeAsync().ConfigureAwait(false);
        await link.Server.Input.DisposeAsync().ConfigureAwait(false);
    }
}
