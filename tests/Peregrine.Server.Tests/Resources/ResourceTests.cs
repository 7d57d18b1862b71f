using System.Text.Json;
using Peregrine.Server.Content;
using Peregrine.Server.Resources;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Specification;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Resources;

/// <summary>Resources: listed, and read.</summary>
public sealed class ResourceTests
{
    private static readonly byte[] Bytes = [0, 1, 2, 254, 255];

    private static McpResourceContents One => McpResourceContents.FromText("test://many/1", "one") with { Meta = "{\"n\":1}"u8.ToArray() };

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task EveryRevisionListsAndReads(string version)
    {
        var schema = PublishedSchema.Of(version);
        var stateless = version == "2026-07-28";
        await using var peer = TestPeer.Start(Describe().Build());
        var opened = (await peer.AskAsync(stateless ? Messages.Stateless("server/discover") : Messages.Initialize(version))).Result();
        Assert.Equal(JsonValueKind.Object, opened.GetProperty("capabilities").GetProperty("resources").ValueKind);

        var list = (await peer.AskAsync(stateless ? Messages.Stateless("resources/list") : Messages.Request("resources/list"))).Result();
        Assert.Equal("", string.Join('\n', schema.Judge(list, "ListResourcesResult")));
        Assert.Equal(7, list.GetProperty("resources").GetArrayLength());
        var templates = (await peer.AskAsync(stateless ? Messages.Stateless("resources/templates/list") : Messages.Request("resources/templates/list"))).Result();
        Assert.Equal("", string.Join('\n', schema.Judge(templates, "ListResourceTemplatesResult")));

        foreach (var uri in new[] { "test://text", "test://bytes", "test://many", "test://late", "test://numbers/12/data" })
        {
            var result = (await peer.AskAsync(Read(uri, stateless))).Result();
            Assert.Equal("", string.Join('\n', schema.Judge(result, "ReadResourceResult")));
            Assert.Equal(stateless, result.TryGetProperty("ttlMs", out _));
        }

        var missing = await peer.AskAsync(Read("test://missing", stateless));
        Assert.Equal(stateless ? -32602 : -32002, missing.Code());
        Assert.Equal("""{"uri":"test://missing"}""", missing.Error().GetProperty("data").GetRawText());
        Assert.Equal("Resource not found: test://missing", missing.Explanation());
    }

    [Fact]
    public async Task ResultsAreWrittenAsTheyAre()
    {
        await using var peer = TestPeer.Start(Describe().Build());

        Assert.Equal("""{"contents":[{"uri":"test://text","mimeType":"text/plain","text":"a \"text\"\nof two lines"}]}""", (await peer.AskAsync(Read("test://text"))).Result().GetRawText());
        Assert.Equal("""{"contents":[{"uri":"test://bytes","blob":"AAEC/v8="}]}""", (await peer.AskAsync(Read("test://bytes"))).Result().GetRawText());
        Assert.Equal("""{"contents":[{"uri":"test://many/1","_meta":{"n":1},"text":"one"},{"uri":"test://many/2","blob":"AAEC/v8="}]}""",
            (await peer.AskAsync(Read("test://many"))).Result().GetRawText());
        Assert.Equal("""{"contents":[{"uri":"test://numbers/1%2F2/data","text":"1/2"}]}""", (await peer.AskAsync(Read("test://numbers/1%2F2/data"))).Result().GetRawText());
        var listed = (await peer.AskAsync(Messages.Request("resources/list"))).Result().GetProperty("resources")[0];
        Assert.Equal("""{"uri":"test://text","name":"text","title":"Text","description":"A text","mimeType":"text/plain","size":21,"icons":[{"src":"data:,"}],"annotations":{"audience":["user"]},"_meta":{"a":1}}""",
            listed.GetRawText());
    }

    [Fact]
    public async Task CacheHintsAreThoseOfTheResource()
    {
        await using var peer = TestPeer.Start(Describe().Build());

        var kept = (await peer.AskAsync(Read("test://text", stateless: true))).Result();
        var again = (await peer.AskAsync(Read("test://many", stateless: true))).Result();

        Assert.Equal(("public", 5000), (kept.GetProperty("cacheScope").GetString(), kept.GetProperty("ttlMs").GetInt32()));
        Assert.Equal(("private", 0), (again.GetProperty("cacheScope").GetString(), again.GetProperty("ttlMs").GetInt32()));
        Assert.Equal("complete", again.GetProperty("resultType").GetString());
    }

    [Fact]
    public async Task WhatAHandlerSaysIsNotThereIsNotFound()
    {
        await using var peer = TestPeer.Start(Describe().Build());

        Assert.Equal(-32002, (await peer.AskAsync(Read("test://gone"))).Code());
        Assert.Equal(-32602, (await peer.AskAsync(Read("test://numbers/none/data", stateless: true))).Code());
    }

    [Fact]
    public async Task TheFirstTemplateThatFitsCountsAndAResourceGoesBeforeAll()
    {
        static McpResourceTemplateDefinition Template(string uri) => new() { UriTemplate = uri, Name = "t" };
        static Func<McpResourceRequest, McpCall, ValueTask<McpResourceResult>> Say(string text) => (request, _) => new(McpResourceResult.From(McpResourceContents.FromText(request.Uri, text)));
        await using var peer = TestPeer.Start(PeregrineServer.CreateBuilder("s", "1")
            .AddResourceTemplate(Template("t://{a}"), Say("first"))
            .AddResourceTemplate(Template("t://{+b}"), Say("second"))
            .AddResource(new McpResourceDefinition { Uri = "t://exact", Name = "exact" }, "exact").Build());

        Assert.Equal("first", await TextAsync(peer, "t://one"));
        Assert.Equal("second", await TextAsync(peer, "t://one/two"));
        Assert.Equal("exact", await TextAsync(peer, "t://exact"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"uri":5}""")]
    [InlineData("""{"uri":"\ud800"}""")]
    public async Task AUriThatIsNoTextIsRefused(string parameters)
    {
        await using var peer = TestPeer.Start(Describe().Build());

        Assert.Equal(-32602, (await peer.AskAsync(Messages.Request("resources/read", "1", parameters))).Code());
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task ALongUriIsRefusedAtItsBound()
    {
        await using var peer = TestPeer.Start(Describe().Configure(static options => options with { MaxResourceUriBytes = 300 }).Build());

        Assert.Equal(-32002, (await peer.AskAsync(Read("test:" + new string('a', 295)))).Code());
        Assert.Equal(-32602, (await peer.AskAsync(Read("test:" + new string('a', 296)))).Code());
        Assert.Equal(-32002, (await peer.AskAsync(Read("test:" + string.Concat(Enumerable.Repeat("\\u0061", 295))))).Code());
        Assert.Equal(-32602, (await peer.AskAsync(Read("test:" + string.Concat(Enumerable.Repeat("\\u0061", 5000))))).Code());
    }

    [Fact]
    public async Task AFailureForTheCallerHasItsMessageAndAnotherACorrelationId()
    {
        var log = new LogRecords();
        await using var peer = TestPeer.Start(Describe().UseLogging(log).Build());

        var meant = await peer.AskAsync(Read("test://refuses"));
        var other = await peer.AskAsync(Read("test://breaks"));

        Assert.Equal((-32603, "not today"), (meant.Code(), meant.Explanation()));
        Assert.Equal(-32603, other.Code());
        Assert.Contains("under failure 1", other.Explanation(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", other.Explanation(), StringComparison.Ordinal);
        Assert.Contains("test://breaks", Assert.Single(log.All, static record => record.Event == "ToolFailed").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABlockingResourceRunsInTheLane()
    {
        using var gate = new ManualResetEventSlim();
        await using var peer = TestPeer.Start(PeregrineServer.CreateBuilder("s", "1").AddTool(TestServer.Echo())
            .AddResource(new McpResourceDefinition { Uri = "t://blocks", Name = "blocks", Blocking = true }, (request, _) =>
            {
                gate.Wait(TestPeer.Patience);
                return new(McpResourceResult.From(McpResourceContents.FromText(request.Uri, "done")));
            }).Build());

        for (var i = 0; i < 32; i++)
        {
            await peer.SendAsync(Messages.Request("resources/read", $"{i}", """{"uri":"t://blocks"}"""));
        }

        await peer.AssertQuietAsync();
        Assert.Equal("nothing", (await peer.AskAsync(Messages.Call("echo", "99"))).Text());
        gate.Set();
        for (var i = 0; i < 32; i++)
        {
            Assert.Equal("done", (await peer.ReceiveAsync()).Result().GetProperty("contents")[0].GetProperty("text").GetString());
        }
    }

    [Fact]
    public async Task AServerWithoutResourcesHasNoSuchMethods()
    {
        await using var peer = TestPeer.Start(TestServer.Describe().UseLedger(static once => once with { IsOn = false }).Build());

        foreach (var method in new[] { "resources/list", "resources/templates/list", "resources/read", "prompts/list", "prompts/get", "completion/complete" })
        {
            Assert.Equal(-32601, (await peer.AskAsync(Messages.Request(method))).Code());
        }

        Assert.Equal("""{"tools":{"listChanged":true},"logging":{}}""", (await peer.AskAsync(Messages.Stateless("server/discover"))).Result().GetProperty("capabilities").GetRawText());
    }

    [Fact]
    public void FaultsAreReportedAllAtOnce()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => PeregrineServer.CreateBuilder("s", "1")
            .AddResource(new McpResourceDefinition { Uri = "no-scheme", Name = "a" }, "x")
            .AddResource(new McpResourceDefinition { Uri = "t://a", Name = "" }, "x")
            .AddResource(new McpResourceDefinition { Uri = "t://a", Name = "a", TimeToLive = TimeSpan.FromSeconds(-1) }, "x")
            .AddResourceTemplate(new McpResourceTemplateDefinition { UriTemplate = "t://{a}{b}", Name = "t" }, static (_, _) => new(McpResourceResult.NotFound))
            .AddFiles("/no/such/folder/anywhere")
            .Build());

        foreach (var part in new[] { "must be absolute", "has no name", "Two resources", "time to live", "nothing stands between", "there is no such folder" })
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AResultHasContents() => Assert.Throws<ArgumentException>(static () => McpResourceResult.From());

    internal static string Read(string uri, bool stateless = false) =>
        Messages.Request("resources/read", "1", stateless ? $$"""{"uri":"{{uri}}","_meta":{{Messages.Meta}}}""" : $$"""{"uri":"{{uri}}"}""");

    private static async Task<string?> TextAsync(TestPeer peer, string uri) => (await peer.AskAsync(Read(uri))).Result().GetProperty("contents")[0].GetProperty("text").GetString();

    private static PeregrineServerBuilder Describe() => PeregrineServer.CreateBuilder("resources", "1.0")
        .AddResource(new McpResourceDefinition
        {
            Uri = "test://text",
            Name = "text",
            Title = "Text",
            Description = "A text",
            MimeType = "text/plain",
            Annotations = new McpAnnotations { Audience = [McpRole.User] },
            Icons = """[{"src":"data:,"}]"""u8.ToArray(),
            Meta = """{"a":1}"""u8.ToArray(),
            TimeToLive = TimeSpan.FromSeconds(5),
            CacheScope = McpCacheScope.Public,
        }, "a \"text\"\nof two lines")
        .AddResource(new McpResourceDefinition { Uri = "test://bytes", Name = "bytes" }, Bytes)
        .AddResource(new McpResourceDefinition { Uri = "test://many", Name = "many" }, static (_, _) => new(McpResourceResult.From(
            One, McpResourceContents.FromBytes("test://many/2", Bytes))))
        .AddResource(new McpResourceDefinition { Uri = "test://late", Name = "late" }, static async (request, call) =>
        {
            await Task.Yield();
            call.CancellationToken.ThrowIfCancellationRequested();
            return McpResourceResult.From(McpResourceContents.FromText(request.Uri, "late"));
        })
        .AddResource(new McpResourceDefinition { Uri = "test://gone", Name = "gone" }, static (_, _) => new(McpResourceResult.NotFound))
        .AddResource(new McpResourceDefinition { Uri = "test://refuses", Name = "refuses" }, static (_, _) => throw new McpToolException("not today"))
        .AddResource(new McpResourceDefinition { Uri = "test://breaks", Name = "breaks" }, static async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("secret");
        })
        .AddResourceTemplate(new McpResourceTemplateDefinition { UriTemplate = "test://numbers/{n}/data", Name = "numbers", Title = "Numbers", Description = "Each of them", MimeType = "text/plain" },
            static (request, _) => new(request["n"] == "none" || request["absent"] is not null ? McpResourceResult.NotFound
                : McpResourceResult.From(McpResourceContents.FromText(request.Uri, request["n"]!))));
}
