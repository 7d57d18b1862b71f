using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Peregrine.Server.Interaction;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Specification;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Interaction;

/// <summary>Questions of 2026-07-28: the run ends with them, and the retry runs the method again.</summary>
public sealed class StatelessEraTests
{
    private const string Ann = """{"action":"accept","content":{"name":"Ann"}}""";

    [Fact]
    public async Task AQuestionEndsTheRunAndItsAnswerGoesOn()
    {
        await using var peer = TestPeer.Start(TestServer.With(QuestionTools.Greet));

        var asked = await peer.AskAsync(Asking.Call("greet"));

        var question = asked.Questions().GetProperty("user_name");
        Assert.Equal("elicitation/create", question.GetProperty("method").GetString());
        Assert.Equal("""{"mode":"form","message":"Who are you?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}""",
            question.GetProperty("params").GetRawText());
        Assert.Equal("test-server", asked.Result().GetProperty("_meta").GetProperty("io.modelcontextprotocol/serverInfo").GetProperty("name").GetString());
        Assert.False(asked.Result().TryGetProperty("content", out _));
        Assert.Equal("Hello, Ann!", (await peer.AskAsync(Asking.Call("greet", $$$$"""{"user_name":{{{{Ann}}}}}""", asked.State()))).Text());
        Assert.Equal("Decline", (await peer.AskAsync(Asking.Call("greet", """{"user_name":{"action":"decline"}}""", asked.State()))).Text());
        Assert.Equal("Cancel", (await peer.AskAsync(Asking.Call("greet", """{"user_name":{"action":"cancel"}}"""))).Text());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"other":{"action":"accept","content":{"name":"Ann"}}}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"user_name":12345}""")]
    [InlineData("""{"user_name":null}""")]
    [InlineData("""{"user_name":[]}""")]
    [InlineData("""{"user_name":{}}""")]
    [InlineData("""{"user_name":{"action":"agree"}}""")]
    [InlineData("""{"user_name":{"action":"accept"}}""")]
    [InlineData("""{"user_name":{"action":"accept","\ud800content":1}}""")]
    [InlineData("""{"user_name":{"action":"accept","content":{"name":5}}}""")]
    public async Task WhatIsNoAnswerIsAskedForAgain(string responses)
    {
        await using var peer = TestPeer.Start(TestServer.With(QuestionTools.Greet));

        var asked = await peer.AskAsync(Asking.Call("greet", responses, (await peer.AskAsync(Asking.Call("greet"))).State()));

        Assert.Equal("user_name", Assert.Single(asked.Questions().EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    public async Task AnswersThatAreNoObjectAreRefused(string responses)
    {
        await using var peer = TestPeer.Start(TestServer.With(QuestionTools.Greet));

        var reply = await peer.AskAsync(Asking.Call("greet", responses));

        Assert.Equal(-32602, reply.Code());
        Assert.Contains("inputResponses", reply.Explanation(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EarlierAnswersTravelInTheState()
    {
        await using var peer = TestPeer.Start(TestServer.With(QuestionTools.TwoSteps));

        var first = await peer.AskAsync(Asking.Call("two_steps"));
        var name = Assert.Single(first.Questions().EnumerateObject()).Name;
        var second = await peer.AskAsync(Asking.Call("two_steps", $$$$"""{"{{{{name}}}}":{{{{Ann}}}}}""", first.State()));

        var color = Assert.Single(second.Questions().EnumerateObject());
        Assert.NotEqual(name, color.Name);
        Assert.NotEqual(first.State(), second.State());
        Assert.Equal("Which color, Ann?", color.Value.GetProperty("params").GetProperty("message").GetString());
        var answer = $$$$"""{"{{{{color.Name}}}}":{"action":"accept","content":{"color":"red"}}}""";
        Assert.Equal("Ann likes red", (await peer.AskAsync(Asking.Call("two_steps", answer, second.State()))).Text());

        // What is sealed is not answered anew.
        var other = $$$$"""{"{{{{name}}}}":{"action":"accept","content":{"name":"Eve"}},"{{{{color.Name}}}}":{"action":"accept","content":{"color":"blue"}}}""";
        Assert.Equal("Ann likes blue", (await peer.AskAsync(Asking.Call("two_steps", other, second.State()))).Text());
    }

    [Fact]
    public async Task SeveralQuestionsAreAskedAtOnceAndAnsweredOneByOne()
    {
        await using var peer = TestPeer.Start(TestServer.With(QuestionTools.Together));

        var asked = await peer.AskAsync(Asking.Call("together"));

        Assert.Equal(["user_name", "greeting", "client_roots"], asked.Questions().EnumerateObject().Select(static question => question.Name));
        Assert.Empty(PublishedSchema.Of("2026-07-28").Judge(asked.Result(), "InputRequiredResult"));
        var half = await peer.AskAsync(Asking.Call("together", $$$$"""{"user_name":{{{{Ann}}}},"client_roots":{"roots":[{"uri":"file:///a"}]}}""", asked.State()));
        Assert.Equal(["greeting"], half.Questions().EnumerateObject().Select(static question => question.Name));
        Assert.Equal("Hi Ann 1", (await peer.AskAsync(Asking.Call("together",
            """{"greeting":{"model":"m","role":"assistant","content":{"type":"text","text":"Hi"}}}""", half.State()))).Text());
    }

    [Fact]
    public async Task AnAddressIsAskedForWithoutAnId()
    {
        await using var peer = TestPeer.Start(TestServer.With(QuestionTools.Open));

        var asked = await peer.AskAsync(Asking.Call("open"));

        Assert.Equal("""{"mode":"url","message":"Sign in","url":"https://example.com/a?b=c"}""", asked.Questions().GetProperty("sign_in").GetProperty("params").GetRawText());
        Assert.Equal("Accept", (await peer.AskAsync(Asking.Call("open", """{"sign_in":{"action":"accept"}}""", asked.State()))).Text());
    }

    [Fact]
    public async Task AnOpenQuestionGoesBeforeAResultWhateverTheToolSwallows()
    {
        await using var peer = TestPeer.Start(TestServer.With(
            new DelegateTool("swallow", static async call =>
            {
                try
                {
                    await call.ElicitAsync("Who are you?", QuestionTools.NameForm, "user_name");
                }
                catch (Exception)
                {
                    // As careless code does.
                }

                call.ReturnText("done without an answer");
            }),
            new DelegateTool("forget", static call =>
            {
                _ = call.ElicitAsync("Who are you?", QuestionTools.NameForm, "user_name").AsTask();
                call.ReturnToolError("failed");
            }),
            new DelegateTool("block", static call => call.ReturnText(
                call.ElicitAsync("Who are you?", QuestionTools.NameForm, "user_name").AsTask().GetAwaiter().GetResult().GetText("name")), blocking: true)));

        foreach (var tool in new[] { "swallow", "forget", "block" })
        {
            Assert.True((await peer.AskAsync(Asking.Call(tool))).Questions().TryGetProperty("user_name", out _));
        }

        Assert.Equal("Ann", (await peer.AskAsync(Asking.Call("block", $$$$"""{"user_name":{{{{Ann}}}}}"""))).Text());
    }

    [Theory]
    [InlineData("greet", """{}""", """{"elicitation":{}}""")]
    [InlineData("greet", """{"elicitation":{"url":{}}}""", """{"elicitation":{}}""")]
    [InlineData("open", """{"elicitation":{}}""", """{"elicitation":{"url":{}}}""")]
    [InlineData("sample", """{"elicitation":{}}""", """{"sampling":{}}""")]
    [InlineData("roots", """{"sampling":{}}""", """{"roots":{}}""")]
    public async Task WhatTheClientHasNotDeclaredIsNotAsked(string tool, string declared, string required)
    {
        await using var peer = TestPeer.Start(TestServer.With(QuestionTools.Greet, QuestionTools.Open, QuestionTools.Sample, QuestionTools.Roots));

        var reply = await peer.AskAsync(Asking.Call(tool, capabilities: declared));

        Assert.Equal(-32021, reply.Code());
        Assert.Equal(required, reply.Error().GetProperty("data").GetProperty("requiredCapabilities").GetRawText());
    }

    [Fact]
    public async Task AToolMayLookFirstWhatTheClientCanDo()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("look", static async call =>
        {
            if (call.Client.ElicitationForm)
            {
                await call.ElicitAsync("Who are you?", QuestionTools.NameForm);
            }

            if (call.Client.Roots)
            {
                await call.RootsAsync();
            }

            call.ReturnText("asked nobody");
        })));

        Assert.Equal("roots/list", Assert.Single((await peer.AskAsync(Asking.Call("look", capabilities: """{"roots":{}}"""))).Questions().EnumerateObject())
            .Value.GetProperty("method").GetString());
        Assert.Equal("asked nobody", (await peer.AskAsync(Asking.Call("look", capabilities: "{}"))).Text());
    }

    [Fact]
    public async Task AStateThatIsNotOfThisRequestIsRefused()
    {
        var other = TestServer.With(QuestionTools.Greet, QuestionTools.TwoSteps);
        await using var elsewhere = TestPeer.Start(other);
        await using var peer = TestPeer.Start(TestServer.With(QuestionTools.Greet, QuestionTools.TwoSteps));
        var state = (await peer.AskAsync(Asking.Call("greet"))).State();
        var responses = $$$$"""{"user_name":{{{{Ann}}}}}""";

        foreach (var call in new[]
        {
            Asking.Call("greet", responses, state + "-TAMPERED"),
            Asking.Call("greet", responses, ""),
            Asking.Call("greet", responses, (await elsewhere.AskAsync(Asking.Call("greet"))).State()),
            Asking.Call("two_steps", responses, state),
            Asking.Call("greet", responses, state, arguments: """{"other":1}"""),
            Asking.Call("greet", responses).Replace("\"inputResponses\"", "\"requestState\":5,\"inputResponses\"", StringComparison.Ordinal),
        })
        {
            var reply = await peer.AskAsync(call);
            Assert.Equal(-32602, reply.Code());
            Assert.Contains("requestState", reply.Explanation(), StringComparison.Ordinal);
        }

        Assert.Equal("Hello, Ann!", (await peer.AskAsync(Asking.Call("greet", responses, state))).Text());
    }

    [Fact]
    public async Task NodesThatShareAKeyGoOnForEachOther()
    {
        PeregrineServer Node() => TestServer.Describe(QuestionTools.TwoSteps)
            .Configure(static options => options with { Interaction = new() { State = new() { Key = "0123456789abcdef0123456789abcdef"u8.ToArray() } } }).Build();
        await using var one = TestPeer.Start(Node());
        await using var other = TestPeer.Start(Node());
        var first = await one.AskAsync(Asking.Call("two_steps"));

        var second = await other.AskAsync(Asking.Call("two_steps", $$$$"""{"question-1":{{{{Ann}}}}}""", first.State()));

        Assert.Equal("Which color, Ann?", second.Questions().GetProperty("question-2").GetProperty("params").GetProperty("message").GetString());
    }

    [Fact]
    public async Task AStepRunsOnceHoweverManyRounds()
    {
        var (charged, typed) = (0, 0);
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("charge", async call =>
        {
            var receipt = await call.OnceAsync("charge", _ => ValueTask.FromResult<ReadOnlyMemory<byte>>(System.Text.Encoding.UTF8.GetBytes($$$$"""{"number":{{{{++charged}}}}}""")));
            var number = await call.OnceAsync("typed", (JsonTypeInfo<int>)JsonSerializerOptions.Default.GetTypeInfo(typeof(int)), _ => ValueTask.FromResult(++typed));
            var name = (await call.ElicitAsync("Who are you?", QuestionTools.NameForm)).GetText("name");
            call.ReturnText($"{name} {System.Text.Encoding.UTF8.GetString(receipt.Span)} {number}");
        })));

        var asked = await peer.AskAsync(Asking.Call("charge"));
        var again = await peer.AskAsync(Asking.Call("charge", "{}", asked.State()));
        Assert.Equal("""Ann {"number":1} 1""", (await peer.AskAsync(Asking.Call("charge", $$$$"""{"question-1":{{{{Ann}}}}}""", again.State()))).Text());
        Assert.Equal((1, 1), (charged, typed));

        // A call that begins anew is another call.
        await peer.AskAsync(Asking.Call("charge"));
        Assert.Equal((2, 2), (charged, typed));
    }

    [Fact]
    public async Task WhatDoesNotFitIntoTheStateIsAFailure()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("much", static async call =>
        {
            await call.OnceAsync("much", static _ => ValueTask.FromResult<ReadOnlyMemory<byte>>(System.Text.Encoding.UTF8.GetBytes($"\"{new string('x', 20_000)}\"")));
            await call.ElicitAsync("Who are you?", QuestionTools.NameForm);
        })));

        var reply = await peer.AskAsync(Asking.Call("much"));

        Assert.True(reply.IsToolError());
        Assert.Contains("16 KiB", reply.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FaultsOfTheToolAreSaidToItsDeveloper()
    {
        var seen = new List<string>();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("faulty", async call =>
        {
            await Note(async () => await call.OnceAsync("x", static _ => ValueTask.FromResult<ReadOnlyMemory<byte>>("no json"u8.ToArray())));
            await Note(async () => await call.OnceAsync("x", static _ => ValueTask.FromResult<ReadOnlyMemory<byte>>("1"u8.ToArray())));
            await Note(async () => await call.ElicitAsync("?", QuestionTools.NameForm, ""));
            await Note(async () => await call.ElicitAsync("?", """{"type":"object","properties":{"a":{"type":"object"}}}"""u8));
            await Note(async () => await call.ElicitUrlAsync("?", new Uri("/relative", UriKind.Relative)));
            await Note(async () => await call.SampleAsync("[]"u8));
            await Note(async () => await call.SampleAsync(new Peregrine.Server.Compat.Sampling.McpSamplingRequest { Messages = [], MaxTokens = 0 }));
            call.ReturnText("done");

            async Task Note(Func<Task> use)
            {
                seen.Add((await Assert.ThrowsAnyAsync<Exception>(use)).GetType().Name);
            }
        })));

        Assert.Equal("done", (await peer.AskAsync(Asking.Call("faulty"))).Text());
        Assert.Equal(["InvalidOperationException", "InvalidOperationException", .. Enumerable.Repeat("ArgumentException", 5)], seen);
    }

    [Fact]
    public async Task OneNameForTwoQuestionsIsAFaultOfTheTool()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("twice", static async call =>
        {
            await call.ElicitAsync("?", QuestionTools.NameForm, "a");
            await call.ElicitAsync("?", QuestionTools.NameForm, "a");
        })));

        Assert.True((await peer.AskAsync(Asking.Call("twice", $$$$"""{"a":{{{{Ann}}}}}"""))).IsToolError());
        await peer.AskAsync(Asking.Initialize("2025-11-25"));
        await peer.SendAsync(Messages.Call("twice"));
        await peer.SendAsync(Asking.Answer((await peer.ReceiveAsync()).RequestId("elicitation/create"), Ann));
        Assert.True((await peer.ReceiveAsync()).IsToolError());
    }

    [Fact]
    public async Task ARequiredAddressIsAskedForUntilTheToolNeedsItNoMore()
    {
        var signedIn = false;
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("secret", call =>
        {
            if (!signedIn)
            {
                throw new McpUrlRequiredException("Sign in first.", new Uri("https://example.com/in"));
            }

            call.ReturnText("in");
        })));

        var asked = await peer.AskAsync(Asking.Call("secret"));
        var (key, question) = Assert.Single(asked.Questions().EnumerateObject().Select(static member => (member.Name, member.Value)));
        Assert.Equal("https://example.com/in", question.GetProperty("params").GetProperty("url").GetString());
        var answer = $$$$"""{"{{{{key}}}}":{"action":"accept"}}""";
        Assert.NotEmpty((await peer.AskAsync(Asking.Call("secret", answer, asked.State()))).State());
        signedIn = true;
        Assert.Equal("in", (await peer.AskAsync(Asking.Call("secret", answer, asked.State()))).Text());
        signedIn = false;
        Assert.Equal(-32021, (await peer.AskAsync(Asking.Call("secret", capabilities: "{}"))).Code());

        await peer.AskAsync(Asking.Initialize("2025-11-25"));
        var refused = await peer.AskAsync(Messages.Call("secret"));
        Assert.Equal(-32042, refused.Code());
        Assert.Empty(PublishedSchema.Of("2025-11-25").Judge(refused, "URLElicitationRequiredError"));
        await peer.AskAsync(Asking.Initialize("2025-06-18"));
        Assert.Contains("https://example.com/in", (await peer.AskAsync(Messages.Call("secret"))).Text(), StringComparison.Ordinal);
    }
}
