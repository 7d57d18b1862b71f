using System.Text;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Tests.Connections;

public sealed class IncomingTests
{
    [Fact]
    public async Task Progress_goes_to_the_request_that_asked_for_it()
    {
        await using var peer = LinePeer.Start();
        var handler = new RecordingHandler();
        peer.Connection.Handler = handler;
        List<string> seen = [];
        var call = peer.Connection.SendRequestAsync(
            "work"u8, "{}"u8, new SendOptions { OnProgress = (in IncomingNotification n) => seen.Add(Encoding.UTF8.GetString(n.Parameters)) });
        var request = await peer.ReadMessageAsync();
        var token = request.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetInt64();
        await peer.WriteLineAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":1}}""");
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":424242,"progress":2}}""");
        await peer.ReplyAsync(request, "{}");
        (await call.Soon()).Dispose();
        Assert.Equal([$$"""{"progressToken":{{token}},"progress":1}"""], seen);
        Assert.Equal([McpMethod.NotificationsProgress], handler.Methods);
    }

    [Fact]
    public async Task A_token_written_by_the_caller_routes_too()
    {
        await using var peer = LinePeer.Start();
        var token = peer.Connection.AllocateProgressToken();
        var seen = 0;
        var call = peer.Connection.SendRequestAsync(
            "work"u8,
            Encoding.UTF8.GetBytes($$$"""{"_meta":{"progressToken":{{{token}}}}}"""),
            new SendOptions { ProgressToken = token, OnProgress = (in IncomingNotification _) => seen++ });
        var request = await peer.ReadMessageAsync();
        Assert.Equal($$$"""{"_meta":{"progressToken":{{{token}}}}}""", request.GetProperty("params").GetRawText());
        await peer.WriteLineAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":1}}""");
        await peer.ReplyAsync(request, "{}");
        (await call.Soon()).Dispose();
        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task A_handler_that_throws_ends_nothing()
    {
        await using var peer = LinePeer.Start();
        peer.Connection.Handler = new RecordingHandler { OnEach = () => throw new InvalidOperationException("planted") };
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/message","params":{}}""");
        await DuplexConnectionTests.AssertUsableAsync(peer);
    }

    [Fact]
    public async Task A_ping_is_answered_and_other_requests_are_refused()
    {
        await using var peer = LinePeer.Start();
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","id":"p\u0031","method":"ping"}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":"p\u0031","result":{}}""", await peer.ReadAsync());
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","id":2,"method":"sampling/createMessage","params":{}}""");
        Assert.Equal(-32601, (await peer.ReadMessageAsync()).GetProperty("error").GetProperty("code").GetInt32());
        peer.Connection.Handler = new BareHandler();
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","id":3,"method":"roots/list"}""");
        Assert.Equal(-32601, (await peer.ReadMessageAsync()).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_handler_answers_requests_and_its_faults_become_errors()
    {
        await using var peer = LinePeer.Start();
        peer.Connection.Handler = new RecordingHandler
        {
            Respond = (request, _) =>
            {
                if (request.Parameters.IsEmpty)
                {
                    throw new InvalidOperationException("secret");
                }

                request.Fail(1, "first");
                request.Complete(request.Parameters.Span);
                return default;
            },
        };
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{"a":1}}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{"a":1}}""", await peer.ReadAsync());
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","id":2,"method":"elicitation/create"}""");
        var error = await peer.ReadAsync();
        Assert.Contains("-32603", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_peer_can_cancel_its_request_and_too_many_are_refused()
    {
        await using var peer = LinePeer.Start(new DuplexConnectionOptions { MaxIncomingRequests = 1 });
        var running = new TaskCompletionSource();
        peer.Connection.Handler = new RecordingHandler
        {
            Respond = async (request, cancellationToken) =>
            {
                var cancelled = new TaskCompletionSource();
                await using var registration = cancellationToken.Register(() => cancelled.SetResult());
                running.SetResult();
                await cancelled.Task;
                request.Complete("\"cancelled\""u8);
            },
        };
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"elicitation/create"}""");
        await running.Task.Soon();
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","id":2,"method":"elicitation/create"}""");
        Assert.Equal(4001, (await peer.ReadMessageAsync()).GetProperty("error").GetProperty("code").GetInt32());
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}""");
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"cancelled"}""", await peer.ReadAsync());
    }

    [Fact]
    public async Task In_the_stateless_era_requests_of_the_server_get_no_answer()
    {
        await using var peer = LinePeer.Start();
        peer.Connection.Version = ProtocolVersion.V2026_07_28;
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        await DuplexConnectionTests.AssertUsableAsync(peer);
    }

    private sealed class BareHandler : IncomingHandler;

    private sealed class RecordingHandler : IncomingHandler
    {
        public List<McpMethod> Methods { get; } = [];

        public Action? OnEach { get; init; }

        public Func<IncomingRequest, CancellationToken, ValueTask>? Respond { get; init; }

        public override void OnNotification(in IncomingNotification notification)
        {
            Methods.Add(notification.Method);
            OnEach?.Invoke();
        }

        public override ValueTask RespondAsync(IncomingRequest request, CancellationToken cancellationToken) =>
            Respond?.Invoke(request, cancellationToken) ?? base.RespondAsync(request, cancellationToken);
    }
}
