using System.Text;
using System.Text.Json;
using Peregrine.Transport.Connections;
using Peregrine.Transport.InMemory;

namespace Peregrine.Transport.Tests;

/// <summary>The other end of a connection, driven line by line by a test.</summary>
public sealed class LinePeer : IAsyncDisposable
{
    private readonly StreamReader _reader;
    private readonly Stream _output;
    private readonly StreamPair _streams;

    private LinePeer(StreamPair client, StreamPair server, DuplexConnectionOptions? options)
    {
        _streams = server;
        _reader = new StreamReader(server.Input);
        _output = server.Output;
        Connection = DuplexConnection.Start(client.Input, client.Output, "test-server", options);
    }

    public DuplexConnection Connection { get; }

    public static LinePeer Start(DuplexConnectionOptions? options = null)
    {
        var (client, server) = InMemoryStreams.Create();
        return new LinePeer(client, server, options);
    }

    /// <summary>The next line the connection sent; null at the end.</summary>
    public async Task<string?> ReadAsync() => await _reader.ReadLineAsync().WaitAsync(TestTime.Limit);

    /// <summary>The next message the connection sent.</summary>
    public async Task<JsonElement> ReadMessageAsync() => JsonElement.Parse(await ReadAsync() ?? throw new EndOfStreamException());

    public async Task WriteAsync(string text)
    {
        await _output.WriteAsync(Encoding.UTF8.GetBytes(text));
        await _output.FlushAsync();
    }

    public Task WriteLineAsync(string line) => WriteAsync(line + "\n");

    public Task ReplyAsync(JsonElement request, string result) =>
        WriteLineAsync($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""");

    public async Task EndAsync() => await _output.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        // The server's end first, so that closing need not wait for a peer that does not read.
        await _streams.Output.DisposeAsync();
        await _streams.Input.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
