using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Server.Duplex;
using Peregrine.Server.Stdio;

namespace Peregrine.Server.Tests.Serving;

/// <summary>The client's end of one connection, which sends and receives raw lines.</summary>
internal sealed class TestPeer : IAsyncDisposable
{
    /// <summary>A test that waits this long has failed. Far more than any wait takes on a busy machine.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Pipe _toServer;
    private readonly Pipe _toClient;
    private bool _ended;

    private TestPeer(Pipe toServer, Pipe toClient, Task running)
    {
        _toServer = toServer;
        _toClient = toClient;
        Running = running;
    }

    /// <summary>Ends when the server has let go of the connection.</summary>
    internal Task Running { get; }

    internal static TestPeer Start(PeregrineServer server, Wire wire = Wire.Stream, DuplexOptions? options = null, ILogger? logger = null,
        CancellationToken cancellationToken = default)
    {
        // As much as a pipe of the system holds.
        var limits = new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false);
        var (toServer, toClient) = (new Pipe(limits), new Pipe(limits));
        options ??= DuplexOptions.Default;
        logger ??= NullLogger.Instance;
        var running = wire == Wire.Stream
            ? StreamServer.ServeAsync(server, toServer.Reader.AsStream(), toClient.Writer.AsStream(), options, server.Scheduler, server.Options.TimeProvider, logger, cancellationToken)
            : ServeStdioAsync(server, new PipeChannel(toServer.Reader, toClient.Writer), options, logger, cancellationToken);
        return new TestPeer(toServer, toClient, running);
    }

    /// <summary>Sends one message, and the line feed that ends it.</summary>
    internal async Task SendAsync(string message) => await SendRawAsync(Encoding.UTF8.GetBytes(message + "\n"));

    internal async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await _toServer.Writer.WriteAsync(bytes);

    /// <summary>The next line from the server; null at the end.</summary>
    internal async Task<string?> TryReceiveLineAsync()
    {
        while (true)
        {
            var result = await _toClient.Reader.ReadAsync().AsTask().WaitAsync(Patience);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(result.Buffer.Slice(0, end));
                _toClient.Reader.AdvanceTo(result.Buffer.GetPosition(1, end));
                return line;
            }

            _toClient.Reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
            {
                return null;
            }
        }
    }

    internal async Task<string> ReceiveLineAsync()
    {
        var line = await TryReceiveLineAsync();
        Assert.NotNull(line);
        return line;
    }

    internal async Task<JsonElement> ReceiveAsync()
    {
        using var message = JsonDocument.Parse(await ReceiveLineAsync());
        return message.RootElement.Clone();
    }

    /// <summary>Sends a message and receives the next one.</summary>
    internal async Task<JsonElement> AskAsync(string message)
    {
        await SendAsync(message);
        return await ReceiveAsync();
    }

    /// <summary>Sends a ping and checks that its answer is the next thing to come: the connection works, and nothing else was sent.</summary>
    internal async Task AssertQuietAsync()
    {
        var id = Guid.NewGuid().ToString();
        await SendAsync($$"""{"jsonrpc":"2.0","id":"{{id}}","method":"ping"}""");
        Assert.Equal($$$"""{"jsonrpc":"2.0","id":"{{{id}}}","result":{}}""", await ReceiveLineAsync());
    }

    /// <summary>Ends the input without waiting for the server to end.</summary>
    internal void EndInput()
    {
        _ended = true;
        _toServer.Writer.Complete();
    }

    /// <summary>Ends the input, and waits for the server to let go.</summary>
    internal async Task EndAsync()
    {
        EndInput();
        await Running.WaitAsync(Patience);
    }

    /// <summary>Goes away without a word: the server's next write fails.</summary>
    internal void Vanish()
    {
        _toClient.Reader.Complete();
        EndInput();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_ended)
        {
            Vanish();
        }

        await Running.WaitAsync(Patience);

        // What the server has left unsent is not waited for any more.
        await _toClient.Reader.CompleteAsync();
    }

    private static async Task ServeStdioAsync(PeregrineServer server, PipeChannel channel, DuplexOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        using var stdio = new StdioServer(server, channel, options, server.Scheduler, logger);
        await stdio.RunAsync(server.Options.TimeProvider, cancellationToken);
    }
}
