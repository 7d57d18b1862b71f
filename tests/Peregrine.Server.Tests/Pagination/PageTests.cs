using System.Text.Json;
using Peregrine.Server.Prompts;
using Peregrine.Server.Registry;
using Peregrine.Server.Resources;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Specification;

namespace Peregrine.Server.Tests.Pagination;

/// <summary>Lists in pages.</summary>
public sealed class PageTests
{
    private const int Items = 25;

    public static TheoryData<string, string, string> Lists => new()
    {
        { "tools/list", "tools", "name" },
        { "prompts/list", "prompts", "name" },
        { "resources/list", "resources", "uri" },
        { "resources/templates/list", "resourceTemplates", "uriTemplate" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task EveryItemIsOnOnePage(string method, string member, string name)
    {
        foreach (var pageSize in new[] { 1, 7, 10, Items, 1000 })
        {
            var server = Describe(pageSize).Build();
            foreach (var stateless in new[] { false, true })
            {
                await using var peer = TestPeer.Start(server);
                var pages = await WalkAsync(peer, method, stateless);

                Assert.Equal((Items + pageSize - 1) / pageSize, pages.Count);
                var names = pages.SelectMany(page => page.GetProperty(member).EnumerateArray().Select(item => item.GetProperty(name).GetString())).ToList();
                Assert.Equal(Items, names.Count);
                Assert.Equal(names.Count, names.Distinct().Count());
                Assert.All(pages, page => Assert.Equal(stateless, page.TryGetProperty("cacheScope", out var scope) && scope.GetString() == "public" && page.GetProperty("ttlMs").GetInt64() == 60_000));
            }
        }
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"0\"")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task WhatIsNoCursorIsRefusedWithAnExplanation(string cursor)
    {
        await using var peer = TestPeer.Start(Describe(10).Build());

        foreach (var method in Lists.Select(static row => row.Data.Item1))
        {
            var reply = await peer.AskAsync(Messages.Request(method, "1", $$"""{"cursor":{{cursor}}}"""));

            Assert.Equal(-32602, reply.Code());
            Assert.Contains("cursor", reply.Explanation(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ACursorOfAnotherListOrServerIsRefused()
    {
        await using var peer = TestPeer.Start(Describe(10).Build());
        await using var other = TestPeer.Start(Describe(10).Build());
        var ofTools = await NextCursorAsync(peer, "tools/list");

        Assert.Equal(-32602, (await peer.AskAsync(Page("prompts/list", ofTools))).Code());
        Assert.Equal(-32602, (await other.AskAsync(Page("tools/list", ofTools))).Code());
        Assert.Equal(10, (await peer.AskAsync(Page("tools/list", ofTools))).Result().GetProperty("tools").GetArrayLength());
    }

    [Fact]
    public async Task ProcessesWithOneKeyTakeEachOthersCursors()
    {
        static PeregrineServer Server() => Describe(10).Configure(static options => options with { ListCursorKey = new byte[32] }).Build();
        await using var peer = TestPeer.Start(Server());
        await using var other = TestPeer.Start(Server());

        var cursor = await NextCursorAsync(peer, "tools/list");

        Assert.Equal((await peer.AskAsync(Page("tools/list", cursor))).Result().GetRawText(), (await other.AskAsync(Page("tools/list", cursor))).Result().GetRawText());
    }

    [Fact]
    public async Task ACursorGoesOnBehindItsItemWhereTheListHasChanged()
    {
        var server = Describe(10).Build();
        await using var peer = TestPeer.Start(server);
        var cursor = await NextCursorAsync(peer, "tools/list");

        server.Registry.Update(static contents => contents with { Tools = contents.Tools.RemoveAt(0).Add(new DelegateTool("added", static _ => { })) });
        var names = (await peer.AskAsync(Page("tools/list", cursor))).Result().GetProperty("tools").EnumerateArray().Select(static tool => tool.GetProperty("name").GetString()).ToList();

        Assert.Equal(Enumerable.Range(10, 10).Select(static i => $"tool{i}"), names);
    }

    [Fact]
    public async Task ACursorWhoseItemIsGoneIsRefused()
    {
        var server = Describe(10).Build();
        await using var peer = TestPeer.Start(server);
        var cursor = await NextCursorAsync(peer, "tools/list");

        server.Registry.Update(static contents => contents with { Tools = contents.Tools.RemoveAt(9) });
        var reply = await peer.AskAsync(Page("tools/list", cursor));

        Assert.Equal(-32602, reply.Code());
        Assert.Contains("begin anew", reply.Explanation(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACursorOutlivesAChangeOfAnotherList()
    {
        var server = Describe(10).Build();
        await using var peer = TestPeer.Start(server);
        var cursor = await NextCursorAsync(peer, "tools/list");
        var before = (await peer.AskAsync(Page("tools/list", cursor))).Result().GetRawText();
        List<RegistryChange> changes = [];
        server.Registry.Changed += changes.Add;

        server.Registry.Update(static contents => contents with { Prompts = [], Resources = [] });
        server.Registry.Update(static contents => contents);

        Assert.Equal([RegistryChange.Prompts | RegistryChange.Resources], changes);
        Assert.Equal(before, (await peer.AskAsync(Page("tools/list", cursor))).Result().GetRawText());
        Assert.Equal(0, (await peer.AskAsync(Messages.Request("prompts/list"))).Result().GetProperty("prompts").GetArrayLength());
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task PagesFitTheRevisionsSchema(string version)
    {
        var schema = PublishedSchema.Of(version);
        await using var peer = TestPeer.Start(Describe(10).Build());
        if (version != "2026-07-28")
        {
            await peer.AskAsync(Messages.Initialize(version));
        }

        foreach (var (method, definition) in new[]
        {
            ("tools/list", "ListToolsResult"), ("prompts/list", "ListPromptsResult"), ("resources/list", "ListResourcesResult"), ("resources/templates/list", "ListResourceTemplatesResult"),
        })
        {
            Assert.All(await WalkAsync(peer, method, version == "2026-07-28"), page => Assert.Equal("", string.Join('\n', schema.Judge(page, definition))));
        }
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        var faults = (PeregrineServerOptions.Default with { ListPageSize = 0, ListCursorKey = new byte[8], MaxResourceUriBytes = 1 }).Validate();

        Assert.Equal(3, faults.Count);
        Assert.Empty((PeregrineServerOptions.Default with { ListPageSize = 10_000, ListCursorKey = new byte[16] }).Validate());
    }

    private static PeregrineServerBuilder Describe(int pageSize)
    {
        var builder = PeregrineServer.CreateBuilder("pages", "1.0").Configure(options => options with { ListPageSize = pageSize });
        for (var i = 0; i < Items; i++)
        {
            builder.AddTool(new DelegateTool($"tool{i}", static _ => { }));
            builder.AddPrompt(new McpPromptDefinition { Name = $"prompt{i}", Arguments = [new McpPromptArgument { Name = "a", Required = true }] }, static _ => McpPromptResult.FromText("x"));
            builder.AddResource(new McpResourceDefinition { Uri = $"test://{i}", Name = $"resource{i}" }, "text");
            builder.AddResourceTemplate(new McpResourceTemplateDefinition { UriTemplate = $"test://{i}/{{x}}", Name = $"template{i}" }, static (_, _) => new(McpResourceResult.NotFound));
        }

        return builder;
    }

    private static string Page(string method, string cursor, bool stateless = false) =>
        Messages.Request(method, "1", stateless ? $$"""{"cursor":"{{cursor}}","_meta":{{Messages.Meta}}}""" : $$"""{"cursor":"{{cursor}}"}""");

    private static async Task<string> NextCursorAsync(TestPeer peer, string method) => (await peer.AskAsync(Messages.Request(method))).Result().GetProperty("nextCursor").GetString()!;

    private static async Task<List<JsonElement>> WalkAsync(TestPeer peer, string method, bool stateless)
    {
        List<JsonElement> pages = [(await peer.AskAsync(stateless ? Messages.Stateless(method) : Messages.Request(method))).Result()];
        while (pages[^1].TryGetProperty("nextCursor", out var cursor))
        {
            pages.Add((await peer.AskAsync(Page(method, cursor.GetString()!, stateless))).Result());
        }

        return pages;
    }
}
