using System.Text;
using Peregrine.Server.Content;
using Peregrine.Server.Resources;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Specification;

namespace Peregrine.Server.Tests.Content;

/// <summary>Content blocks, as tools return them.</summary>
public sealed class ContentTests
{
    private static readonly McpResourceDefinition Linked = new()
    {
        Uri = "test://linked",
        Name = "linked",
        Title = "A linked thing",
        Description = "Says \"so\"",
        MimeType = "text/plain",
        Size = 5,
        Icons = "[\n{\"src\":\"data:,\"}]"u8.ToArray(),
    };

    private static readonly McpContent[] All =
    [
        McpContent.Text("a \"text\"\n", new McpAnnotations { Audience = [McpRole.User, McpRole.Assistant], Priority = 0.25, LastModified = new DateTimeOffset(2026, 7, 28, 9, 30, 0, TimeSpan.FromHours(2)) }),
        McpContent.Image(new byte[] { 1, 2, 3 }, "image/png") with { Meta = "{\"a\":\n1}"u8.ToArray() },
        McpContent.Audio(new byte[] { 4 }, "audio/wav", new McpAnnotations { Priority = 1 }),
        McpContent.ResourceLink(Linked),
        McpContent.Resource(McpResourceContents.FromText("test://t", "text", "text/plain")),
        McpContent.Resource(McpResourceContents.FromBytes("test://b", new byte[] { 255 })),
    ];

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task EveryRevisionGetsBlocksItKnows(string version)
    {
        var schema = PublishedSchema.Of(version);
        var stateless = version == "2026-07-28";
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("all", static call => call.ReturnContent(All))));
        if (!stateless)
        {
            await peer.AskAsync(Messages.Initialize(version));
        }

        var result = (await peer.AskAsync(stateless ? Messages.StatelessCall("all") : Messages.Call("all"))).Result();

        Assert.Equal("", string.Join('\n', schema.Judge(result, "CallToolResult")));
        Assert.Equal(All.Length, result.GetProperty("content").GetArrayLength());
    }

    [Fact]
    public async Task BlocksAreWrittenAsTheyAre()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("all", static call => call.ReturnContent(All))));

        var blocks = (await peer.AskAsync(Messages.Call("all"))).Result().GetProperty("content").EnumerateArray().Select(static block => block.GetRawText()).ToList();

        Assert.Equal(
        [
            """{"type":"text","text":"a \"text\"\n","annotations":{"audience":["user","assistant"],"priority":0.25,"lastModified":"2026-07-28T07:30:00Z"}}""",
            """{"type":"image","data":"AQID","mimeType":"image/png","_meta":{"a": 1}}""",
            """{"type":"audio","data":"BA==","mimeType":"audio/wav","annotations":{"priority":1}}""",
            """{"type":"resource_link","uri":"test://linked","name":"linked","title":"A linked thing","description":"Says \"so\"","mimeType":"text/plain","size":5,"icons":[ {"src":"data:,"}]}""",
            """{"type":"resource","resource":{"uri":"test://t","mimeType":"text/plain","text":"text"}}""",
            """{"type":"resource","resource":{"uri":"test://b","blob":"/w=="}}""",
        ], blocks);
    }

    [Fact]
    public async Task OldRevisionsGetTheNearestForm()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("all", static call => call.ReturnContent(All))));
        await peer.AskAsync(Messages.Initialize("2024-11-05"));

        var blocks = (await peer.AskAsync(Messages.Call("all"))).Result().GetProperty("content").EnumerateArray().Select(static block => block.GetRawText()).ToList();

        Assert.Equal("""{"type":"resource","resource":{"uri":"attachment:audio","mimeType":"audio/wav","blob":"BA=="},"annotations":{"priority":1}}""", blocks[2]);
        Assert.Equal("""{"type":"text","text":"A linked thing: test://linked"}""", blocks[3]);
    }

    [Fact]
    public async Task AFailureMayHaveBlocks()
    {
        await using var peer = TestPeer.Start(TestServer.With(
            new DelegateTool("failure", static call => call.ReturnContent([McpContent.Text("no")], isError: true)),
            new DelegateTool("none", static call => call.ReturnContent())));

        var reply = await peer.AskAsync(Messages.Call("failure"));

        Assert.Equal("no", reply.Text());
        Assert.True(reply.IsToolError());
        Assert.Equal("""{"content":[]}""", (await peer.AskAsync(Messages.Call("none"))).Result().GetRawText());
    }

    [Fact]
    public async Task LargeDataKeepsEveryByte()
    {
        var data = Enumerable.Range(0, 1_000_003).Select(static i => (byte)(i * 31)).ToArray();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("image", call => call.ReturnContent(McpContent.Image(data, "image/png")))));

        var block = Assert.Single((await peer.AskAsync(Messages.Call("image"))).Result().GetProperty("content").EnumerateArray());

        Assert.Equal(data, block.GetProperty("data").GetBytesFromBase64());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("x")]
    public void MetaThatIsNoObjectIsRefusedWhereItIsGiven(string json) =>
        Assert.Throws<ArgumentException>(() => new McpResourceDefinition { Uri = "a:b", Name = "n", Meta = Encoding.UTF8.GetBytes(json) });

    [Fact]
    public void APriorityOutOfRangeIsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new McpAnnotations { Priority = 1.5 });
}
