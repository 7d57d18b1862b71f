using System.Text.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Duplex;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Specification;
using Peregrine.Server.Tools;
using Peregrine.Transport.Connections;
using Peregrine.Transport.InMemory;

namespace Peregrine.Server.Tests.Interaction;

/// <summary>Questions of the session era: requests of the server, whose answers the method waits for.</summary>
public sealed class SessionEraTests
{
    private const string Ann = """{"action":"accept","content":{"name":"Ann"}}""";

    private static McpToolHandler[] Tools { get; } =
        [QuestionTools.Greet, QuestionTools.TwoSteps, QuestionTools.Together, QuestionTools.Sample, QuestionTools.Roots, QuestionTools.Open];

    [Theory]
    [InlineData(Wire.Stream, "2025-06-18")]
    [InlineData(Wire.Stdio, "2025-06-18")]
    [InlineData(Wire.Stream, "2025-11-25")]
    [InlineData(Wire.Stdio, "2025-11-25")]
    public async Task AQuestionIsARequestAndItsAnswerGoesOn(Wire wire, string version)
    {
        var schema = PublishedSchema.Of(version);
        await using var peer = TestPeer.Start(TestServer.With(Tools), wire);
        await peer.AskAsync(Asking.Initialize(version));

        var question = await peer.AskAsync(Messages.Call("greet"));

        Assert.Empty(schema.Judge(question, "ElicitRequest"));
        Assert.Equal("Who are you?", question.GetProperty("params").GetProperty("message").GetString());
        await peer.AssertQuietAsync();
        Assert.Equal("Hello, Ann!", (await peer.AskAsync(Asking.Answer(question.RequestId("elicitation/create"), Ann))).Text());
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task TheModelAndTheRootsAreThereInEveryRevision(string version)
    {
        var schema = PublishedSchema.Of(version);
        await using var peer = TestPeer.Start(TestServer.With(Tools));
        await peer.AskAsync(Asking.Initialize(version));

        var sampling = await peer.AskAsync(Messages.Call("sample"));
        Assert.Empty(schema.Judge(sampling, "CreateMessageRequest"));
        Assert.Equal("m assistant endTurn Paris", (await peer.AskAsync(Asking.Answer(sampling.RequestId("sampling/createMessage"),
            """{"model":"m","role":"assistant","stopReason":"endTurn","content":{"type":"text","text":"Paris","\ud800text":1}}"""))).Text());
        var roots = await peer.AskAsync(Messages.Call("roots"));
        Assert.Empty(schema.Judge(roots, "ListRootsRequest"));
        Assert.Equal("file:///a=A file:///b=", (await peer.AskAsync(Asking.Answer(roots.RequestId("roots/list"),
            """{"roots":[{"uri":"file:///a","name":"A"},{"uri":"file:///b"}]}"""))).Text());
    }

    [Fact]
    public async Task RootsAreAskedForAgainWhenTheyHaveChanged()
    {
        await using var peer = TestPeer.Start(TestServer.With(Tools));
        await peer.AskAsync(Asking.Initialize("2025-11-25"));
        var first = await peer.AskAsync(Messages.Call("roots"));
        Assert.Equal("file:///a=", (await peer.AskAsync(Asking.Answer(first.RequestId("roots/list"), """{"roots":[{"uri":"file:///a"}]}"""))).Text());
        Assert.Equal("file:///a=", (await peer.AskAsync(Messages.Call("roots"))).Text());

        await peer.SendAsync("""{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}""");
        var second = await peer.AskAsync(Messages.Call("roots"));

        // They change again while the client answers: the answer serves this call, and no later one.
        await peer.SendAsync("""{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}""");
        Assert.Equal("file:///b=", (await peer.AskAsync(Asking.Answer(second.RequestId("roots/list"), """{"roots":[{"uri":"file:///b"}]}"""))).Text());
        var third = await peer.AskAsync(Messages.Call("roots"));
        Assert.Equal("", (await peer.AskAsync(Asking.Answer(third.RequestId("roots/list"), """{"roots":[]}"""))).Text());
    }

    [Fact]
    public async Task RootsOfAClientThatDoesNotSayWhenTheyChangeAreAskedForEveryTime()
    {
        await using var peer = TestPeer.Start(TestServer.With(Tools));
        await peer.AskAsync(Asking.Initialize("2025-11-25", """{"roots":{}}"""));

        for (var i = 0; i < 3; i++)
        {
            var question = await peer.AskAsync(Messages.Call("roots"));
            Assert.Equal($"file:///{i}=", (await peer.AskAsync(Asking.Answer(question.RequestId("roots/list"), $$"""{"roots":[{"uri":"file:///{{i}}"}]}"""))).Text());
        }
    }

    [Fact]
    public async Task AnAddressHasAnId()
    {
        await using var peer = TestPeer.Start(TestServer.With(Tools));
        await peer.AskAsync(Asking.Initialize("2025-11-25"));

        var question = await peer.AskAsync(Messages.Call("open"));

        Assert.Empty(PublishedSchema.Of("2025-11-25").Judge(question.GetProperty("params"), "ElicitRequestURLParams"));
        Assert.NotEmpty(question.GetProperty("params").GetProperty("elicitationId").GetString()!);
        Assert.Equal("Accept", (await peer.AskAsync(Asking.Answer(question.RequestId("elicitation/create"), """{"action":"accept"}"""))).Text());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"action":"perhaps"}}""", "accept, decline or cancel")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{"name":5}}}""", "\"name\" must be a string")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":5}""", "object")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"The user is away"}}""", "The user is away")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":-1}}""", "no reason")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"\ud800"}}""", "no reason")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"The user is away","\ud800message":1}}""", "The user is away")]
    public async Task AnAnswerThatIsNoneIsAFailureThatSaysWhy(string answer, string reason)
    {
        await using var peer = TestPeer.Start(TestServer.With(Tools));
        await peer.AskAsync(Asking.Initialize("2025-11-25"));
        Assert.Equal(1, (await peer.AskAsync(Messages.Call("greet"))).RequestId("elicitation/create"));

        var reply = await peer.AskAsync(answer);

        Assert.True(reply.IsToolError());
        Assert.Contains(reason, reply.Text(), StringComparison.Ordinal);
        await peer.AssertQuietAsync();
    }

    [Theory]
    [InlineData("2025-11-25", "{}", "greet", "elicitation")]
    [InlineData("2025-11-25", """{"elicitation":{}}""", "open", "elicitation.url")]
    [InlineData("2025-11-25", "{}", "sample", "sampling")]
    [InlineData("2025-11-25", "{}", "roots", "roots")]
    [InlineData("2025-03-26", Asking.Everything, "greet", "2025-06-18")]
    [InlineData("2025-06-18", Asking.Everything, "open", "2025-11-25")]
    public async Task WhatTheClientCannotDoIsNotAsked(string version, string capabilities, string tool, string reason)
    {
        await using var peer = TestPeer.Start(TestServer.With(Tools));
        await peer.AskAsync(Asking.Initialize(version, capabilities));

        var reply = await peer.AskAsync(Messages.Call(tool));

        Assert.True(reply.IsToolError());
        Assert.Contains(reason, reply.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutASessionNobodyIsAsked()
    {
        await using var peer = TestPeer.Start(TestServer.With(Tools));

        var reply = await peer.AskAsync(Messages.Call("greet"));

        Assert.True(reply.IsToolError());
        Assert.Contains("no session", reply.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACancelledCallTakesItsQuestionBack()
    {
        await using var peer = TestPeer.Start(TestServer.With(Tools));
        await peer.AskAsync(Asking.Initialize("2025-11-25"));
        var id = (await peer.AskAsync(Messages.Call("greet", "5"))).RequestId("elicitation/create");

        await peer.SendAsync(Messages.Cancel("5"));

        var notification = await peer.ReceiveAsync();
        Assert.Equal("notifications/cancelled", notification.GetProperty("method").GetString());
        Assert.Equal(id, notification.GetProperty("params").GetProperty("requestId").GetInt64());
        await peer.SendAsync(Asking.Answer(id, Ann));
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task AClientThatDoesNotAnswerIsNotWaitedForForEver()
    {
        await using var peer = TestPeer.Start(TestServer.Describe(Tools)
            .Configure(static options => options with { Interaction = new() { AnswerTimeout = TimeSpan.FromSeconds(1) } }).Build());
        await peer.AskAsync(Asking.Initialize("2025-11-25"));
        var id = (await peer.AskAsync(Messages.Call("greet"))).RequestId("elicitation/create");

        var notification = await peer.ReceiveAsync();

        Assert.Equal("notifications/cancelled", notification.GetProperty("method").GetString());
        Assert.Equal(id, notification.GetProperty("params").GetProperty("requestId").GetInt64());
        Assert.Contains("within 1 seconds", (await peer.ReceiveAsync()).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANewSessionEndsTheWait()
    {
        await using var peer = TestPeer.Start(TestServer.With(Tools));
        await peer.AskAsync(Asking.Initialize("2025-11-25"));
        await peer.AskAsync(Messages.Call("greet", "5"));

        await peer.SendAsync(Asking.Initialize("2025-11-25"));

        var replies = new[] { await peer.ReceiveAsync(), await peer.ReceiveAsync() };
        Assert.Contains("session has ended", replies.Single(static reply => reply.GetProperty("id").GetInt32() == 5).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitingDoesNotCountAsBlocking()
    {
        var server = TestServer.With(Tools);
        await using var peer = TestPeer.Start(server);
        await peer.AskAsync(Asking.Initialize("2025-11-25"));
        for (var i = 0; i < 64; i++)
        {
            await peer.SendAsync(Messages.Call("greet", $"{100 + i}"));
        }

        var questions = new List<long>();
        while (questions.Count < 64)
        {
            questions.Add((await peer.ReceiveAsync()).RequestId("elicitation/create"));
        }

        // All wait, and other calls run.
        await peer.AssertQuietAsync();
        foreach (var id in questions)
        {
            Assert.Equal("Hello, Ann!", (await peer.AskAsync(Asking.Answer(id, Ann))).Text());
        }
    }

    [Fact]
    public async Task AClientIsAskedWhetherItIsThere()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("there", static async call =>
            call.ReturnValue(await call.Session!.PingAsync(TestPeer.Patience, cancellationToken: call.CancellationToken))), new DelegateTool("late", static async call =>
            call.ReturnValue(await call.Session!.PingAsync(TimeSpan.FromMilliseconds(50))))));
        await peer.AskAsync(Asking.Initialize("2024-11-05", "{}"));

        Assert.Equal("true", (await peer.AskAsync(Asking.Answer((await peer.AskAsync(Messages.Call("there"))).RequestId("ping"), "{}"))).Text());
        Assert.Equal(2, (await peer.AskAsync(Messages.Call("late"))).RequestId("ping"));
        Assert.Equal("false", (await peer.ReceiveAsync()).Text());
    }

    // The client's side as a program has it, not as a test writes it.
    [Fact]
    public async Task AConnectionOfTheTransportAnswers()
    {
        var (client, server) = InMemoryStreams.Create();
        var serving = TestServer.With(Tools).ServeAsync(server.Input, server.Output);
        await using (var connection = DuplexConnection.Start(client.Input, client.Output, "server"))
        {
            connection.Handler = new Answers();
            using var opened = await connection.SendRequestAsync("initialize"u8, """{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{},"sampling":{},"roots":{}},"clientInfo":{"name":"t","version":"1"}}"""u8);
            opened.ThrowIfError();
            foreach (var (tool, text) in new[] { ("greet", "Hello, Ann!"), ("two_steps", "Ann likes blue"), ("together", "Hi Ann 0"), ("greet", "Hello, Ann!") })
            {
                using var reply = await connection.SendRequestAsync("tools/call"u8, System.Text.Encoding.UTF8.GetBytes($$"""{"name":"{{tool}}"}"""));
                using var result = JsonDocument.Parse(reply.Result);
                Assert.Equal(text, result.RootElement.GetProperty("content")[0].GetProperty("text").GetString());
            }
        }

        await serving.WaitAsync(TestPeer.Patience);
    }

    private sealed class Answers : IncomingHandler
    {
        public override ValueTask RespondAsync(IncomingRequest request, CancellationToken cancellationToken)
        {
            switch (request.Method)
            {
                case McpMethod.SamplingCreateMessage:
                    request.Complete("""{"model":"m","role":"assistant","content":[{"type":"text","text":"H"},{"type":"text","text":"i"}]}"""u8);
                    break;
                case McpMethod.RootsList:
                    request.Complete("""{"roots":[]}"""u8);
                    break;
                default:
                    request.Complete(request.Parameters.Span.IndexOf("color"u8) >= 0 ? """{"action":"accept","content":{"color":"blue"}}"""u8
                        : """{"action":"accept","content":{"name":"Ann"}}"""u8);
                    break;
            }

            return ValueTask.CompletedTask;
        }
    }
}
