using System.Text;
using System.Text.Json;
using Peregrine.Transport.Connections;
using Peregrine.Transport.InMemory;

namespace Peregrine.Client.Tests;

/// <summary>A server whose answers a test writes: to each message it gives the rest of a reply behind the id, or nothing.</summary>
public sealed class ScriptedServer
{
    private readonly Func<string, JsonElement, string?> _answer;
    private readonly StreamPair _server;
    private readonly List<JsonElement> _messages = [];
    private TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="answer">
    /// Gets method and params; gives <c>"result":…</c> or <c>"error":…</c>, a whole line that begins with <c>!</c> to be sent as it is, or null for silence.
    /// </param>
    /// <param name="options">Settings of the connection.</param>
    public ScriptedServer(Func<string, JsonElement, string?> answer, DuplexConnectionOptions? options = null)
    {
        _answer = answer;
        (var client, _server) = InMemoryStreams.Create();
        Connection = DuplexConnection.Start(client.Input, client.Output, "scripted", options);
        Running = RunAsync();
    }

    public DuplexConnection Connection { get; }

    public Task Running { get; }

    /// <summary>The messages that came so far, in order.</summary>
    public IReadOnlyList<JsonElement> Messages
    {
        get
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Their methods.</summary>
    public IReadOnlyList<string> Methods => [.. Messages.Select(static m => m.GetProperty("method").GetString()!)];

    /// <summary>Ends once a message with this method has come.</summary>
    public async Task WaitForAsync(string method)
    {
        while (true)
        {
            Task came;
            lock (_messages)
            {
                if (_messages.Exists(message => message.GetProperty("method").GetString() == method))
                {
                    return;
                }

                came = _came.Task;
            }

            await came.Soon();
        }
    }

    /// <summary>Ends the server: it closes its side.</summary>
    public Task EndAsync() => _server.Output.DisposeAsync().AsTask();

    public async Task SendAsync(string line)
    {
        await _server.Output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await _server.Output.FlushAsync();
    }

    private async Task RunAsync()
    {
        using var reader = new StreamReader(_server.Input);
        while (await reader.ReadLineAsync() is { } line)
        {
            var message = JsonElement.Parse(line);
            var method = message.GetProperty("method").GetString()!;
            lock (_messages)
            {
                _messages.Add(message);
                _came.TrySetResult();
                _came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            var parameters = message.TryGetProperty("params", out var p) ? p : default;
            var answer = _answer(method, parameters);
            if (answer is ['!', ..])
            {
                await SendAsync(answer[1..]);
            }
            else if (answer is not null && message.TryGetProperty("id", out var id))
            {
                await SendAsync($$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},{{answer}}}""");
            }
        }

        await _server.Output.DisposeAsync();
    }
}
