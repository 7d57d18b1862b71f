using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Duplex;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>Calls on one connection, as over stdio.</summary>
internal sealed class DuplexCaller : Caller
{
    private readonly Pipe _toServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _toClient = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly ConcurrentDictionary<long, TaskCompletionSource<Reply>> _waiting = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Task _serving;
    private readonly Task _reading;
    private long _id;

    internal DuplexCaller(PeregrineServer server)
    {
        _serving = server.ServeAsync(_toServer.Reader.AsStream(), _toClient.Writer.AsStream());
        _reading = ReadAllAsync();
    }

    internal override async Task<Reply> SendAsync(string method, string name, string parameters, string meta, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _id);
        var reply = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = reply;
        await WriteAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"{{{method}}}","params":{ {{{parameters}}},"_meta":{ {{{meta}}} } } }""");
        try
        {
            return await reply.Task.WaitAsync(TestSite.Patience, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await WriteAsync($$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}} } }""");
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _toServer.Writer.CompleteAsync();
        await _serving.WaitAsync(TestSite.Patience);
        await _toClient.Writer.CompleteAsync();
        await _reading.WaitAsync(TestSite.Patience);
        _writing.Dispose();
    }

    private async Task WriteAsync(string message)
    {
        await _writing.WaitAsync();
        try
        {
            await _toServer.Writer.WriteAsync(Encoding.UTF8.GetBytes(message + "\n"));
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAllAsync()
    {
        using var reader = new StreamReader(_toClient.Reader.AsStream());
        while (await reader.ReadLineAsync() is { } line)
        {
            using var message = JsonDocument.Parse(line);
            if (message.RootElement.TryGetProperty("id", out var id) && _waiting.TryRemove(id.GetInt64(), out var waiting))
            {
                waiting.SetResult(new Reply(message.RootElement.Clone()));
            }
        }
    }
}
