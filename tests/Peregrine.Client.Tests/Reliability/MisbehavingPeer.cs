using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Peregrine.Client.Tests.Reliability;

/// <summary>
/// A server of the session era over HTTP that does wrong what can be done wrong, as a seed says, and counts what it ran. It keeps a ledger: a key runs once. Its tool gives back the number it got.
/// </summary>
internal sealed class MisbehavingPeer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly int _seed;
    private readonly double _faultRate;
    private readonly ConcurrentDictionary<string, byte> _sessions = new();
    private readonly ConcurrentDictionary<int, int> _deliveries = new();
    private readonly ConcurrentDictionary<string, Lazy<bool>> _ledger = new();
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;

    private MisbehavingPeer(WebApplication app, int seed, double faultRate)
    {
        _app = app;
        _seed = seed;
        _faultRate = faultRate;
    }

    internal enum Fault
    {
        None,
        ResetBeforeItRan,
        ResetAfterItRan,
        Truncate,
        Stall,
        AnswerTwice,
        WrongId,
        WrongIdFirst,
        Garbage,
        ForgetSession,
        TooManyRequests,
        Overloaded,
        Unavailable,
    }

    public Uri Endpoint => new(_app.Urls.First() + "/mcp");

    /// <summary>How often each call ran.</summary>
    public ConcurrentDictionary<int, int> Runs { get; } = new();

    /// <summary>How often each call was taken: it came, and was not turned away.</summary>
    public ConcurrentDictionary<int, int> Taken { get; } = new();

    /// <summary>How often each fault was committed.</summary>
    public ConcurrentDictionary<Fault, int> Faults { get; } = new();

    /// <summary>Ends once no connection is open.</summary>
    public Task Idle
    {
        get
        {
            lock (_gate)
            {
                return _connections == 0 ? Task.CompletedTask : _idle.Task;
            }
        }
    }

    public static async Task<MisbehavingPeer> StartAsync(int seed, double faultRate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        MisbehavingPeer? peer = null;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Use(next => connection => peer!.CountAsync(next, connection))));
        builder.WebHost.UseSetting("urls", "");
        var app = builder.Build();
        peer = new MisbehavingPeer(app, seed, faultRate);
        app.Map("/mcp", peer.AnswerAsync);
        await app.StartAsync();
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        _closing.TrySetResult();
        await _app.DisposeAsync();
    }

    private async Task CountAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        lock (_gate)
        {
            _connections++;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            lock (_gate)
            {
                if (--_connections == 0)
                {
                    _idle.TrySetResult();
                    _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = HttpMethods.IsDelete(context.Request.Method) ? 200 : 405;
            return;
        }

        using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var message = document.RootElement;
        var id = message.TryGetProperty("id", out var raw) ? raw.GetRawText() : "null";
        switch (message.GetProperty("method").GetString())
        {
            case "initialize":
                var session = Guid.NewGuid().ToString("N");
                _sessions[session] = 1;
                context.Response.Headers["Mcp-Session-Id"] = session;
                await WriteAsync(context, $$$$"""
                    {"jsonrpc":"2.0","id":{{{{id}}}},"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"experimental":{"mcp_tx":{"version":"0.1.0","epoch":"e1"}}},"serverInfo":{"name":"m","version":"1"}}}
                    """.Trim());
                break;
            case "tools/call":
                await CallAsync(context, message.GetProperty("params"), id);
                break;
            case "server/discover":
                await WriteAsync(context, $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32601,"message":"Method not found"}}""");
                break;
            default:
                context.Response.StatusCode = 202;
                break;
        }
    }

    private async Task CallAsync(HttpContext context, JsonElement parameters, string id)
    {
        var number = parameters.GetProperty("arguments").GetProperty("n").GetInt32();
        var fault = Choose(number, _deliveries.AddOrUpdate(number, 1, static (_, count) => count + 1));
        if (fault == Fault.ForgetSession)
        {
            _sessions.Clear();
        }

        if (!_sessions.ContainsKey(context.Request.Headers["Mcp-Session-Id"].ToString()))
        {
            context.Response.StatusCode = 404;
            return;
        }

        Faults.AddOrUpdate(fault, 1, static (_, count) => count + 1);
        switch (fault)
        {
            case Fault.TooManyRequests:
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = number % 8 == 0 ? "1" : "0";
                return;
            case Fault.Overloaded:
                context.Response.StatusCode = 503;
                await WriteAsync(context, $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"error":{"code":4001,"message":"full","data":{"retryable":true,"retryAfterMs":5}}}""");
                return;
        }

        // From here on it counts as taken, whether or not it runs.
        Taken.AddOrUpdate(number, 1, static (_, count) => count + 1);
        switch (fault)
        {
            case Fault.Unavailable:
                context.Response.StatusCode = 503;
                return;
            case Fault.ResetBeforeItRan:
                context.Abort();
                return;
        }

        var reply = Run(number, parameters, id);
        await ReplyAsync(context, fault, reply, id);
    }

    private string Run(int number, JsonElement parameters, string id)
    {
        var meta = "";
        if (parameters.TryGetProperty("_meta", out var given) && given.TryGetProperty("mcp_tx", out var transaction))
        {
            var mine = new Lazy<bool>(() =>
            {
                Runs.AddOrUpdate(number, 1, static (_, count) => count + 1);
                return true;
            });
            var first = _ledger.GetOrAdd(transaction.GetProperty("idempotency_key").GetString()!, mine);
            _ = first.Value;
            meta = $$$""","_meta":{"mcp_tx":{"ack":true,"processed":true,"duplicate":{{{(ReferenceEquals(first, mine) ? "false" : "true")}}}}}""";
        }
        else
        {
            Runs.AddOrUpdate(number, 1, static (_, count) => count + 1);
        }

        return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"{{{number}}}"}]{{{meta}}}""" + "}}";
    }

    private async Task ReplyAsync(HttpContext context, Fault fault, string reply, string id)
    {
        var wrong = reply.Replace($"\"id\":{id}", "\"id\":987654321", StringComparison.Ordinal);
        switch (fault)
        {
            case Fault.ResetAfterItRan:
                context.Abort();
                break;
            case Fault.Truncate:
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = Encoding.UTF8.GetByteCount(reply);
                await context.Response.WriteAsync(reply[..(reply.Length / 2)]);
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case Fault.Stall:
                await Task.WhenAny(_closing.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
                break;
            case Fault.AnswerTwice:
                await WriteAsync(context, $"data: {reply}\n\ndata: {reply}\n\n", "text/event-stream");
                break;
            case Fault.WrongIdFirst:
                await WriteAsync(context, $"data: {wrong}\n\ndata: {reply}\n\n", "text/event-stream");
                break;
            case Fault.WrongId:
                await WriteAsync(context, wrong);
                break;
            case Fault.Garbage:
                await WriteAsync(context, "{{ this is no JSON");
                break;
            default:
                await WriteAsync(context, reply);
                break;
        }
    }

    private static async Task WriteAsync(HttpContext context, string body, string type = "application/json")
    {
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    }

    private Fault Choose(int number, int delivery)
    {
        var random = new Random(HashCode.Combine(_seed, number, delivery));
        if (random.NextDouble() >= _faultRate)
        {
            return Fault.None;
        }

        // Forgetting hits everybody, and stalling takes as long as the caller waits: both are rarer.
        return random.Next(100) switch
        {
            < 2 => Fault.ForgetSession,
            < 5 => Fault.Stall,
            var other => (Fault)(1 + (other % 12)) is var fault && fault is Fault.ForgetSession or Fault.Stall ? Fault.ResetAfterItRan : fault,
        };
    }
}
