using Peregrine.Interop.Tests.Counterparts;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Clients;

public sealed class SampleServerTests
{
    private static readonly string[] Tools = ["echo", "add", "fibonacci", "sleep", "block", "fail", "stream", "generate"];

    private static readonly ToolRequest[] Calls =
    [
        ToolRequest.Of("echo", ("message", "falcon \u2713\n\"quoted\"")),
        ToolRequest.Of("add", ("a", 1.5), ("b", 2)),
        ToolRequest.Of("fail"),
        ToolRequest.Of("generate", ("bytes", 300_000)),
        ToolRequest.Of("echo"),
        ToolRequest.Of("nothing"),
    ];

    public static TheoryData<string, string> Clients => McpClients.All;

    public static TheoryData<string, string> SseClients => McpClients.OverSse;

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Over_stdio(string client, string version) =>
        Judge(await McpClients.TalkAsync(client, McpAddress.Of(Programs.Peregrine, "serve", "--stdio"), Calls), version);

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Over_http(string client, string version)
    {
        await using var server = await RunningGateway.StartPlainAsync("serve");
        Judge(await McpClients.TalkAsync(client, McpAddress.Of(server.Endpoint), Calls), version);
    }

    [Theory]
    [MemberData(nameof(SseClients))]
    public async Task Over_http_and_sse(string client, string version)
    {
        await using var server = await RunningGateway.StartPlainAsync("serve");
        Judge(await McpClients.TalkAsync(client, McpAddress.Of(new Uri(server.Address, "/sse")), Calls), version);
    }

    private static void Judge(Conversation conversation, string version)
    {
        Assert.Equal(version, conversation.Version);
        Assert.Equal("peregrine-sample", conversation.ServerName);
        Assert.Equal(Tools, conversation.Tools);
        var replies = conversation.Replies;
        Assert.Equal("falcon \u2713\n\"quoted\"", replies[0].Text);
        Assert.Equal("3.5", replies[1].Text);
        Assert.True(replies[2].IsError);
        Assert.Equal("This tool always fails.", replies[2].Text);
        Assert.Equal(new string('x', 300_000), replies[3].Text);

        // A missing argument is the caller's to mend: told either as an error or as a result that says so.
        Assert.True(replies[4].IsError || replies[4].ErrorCode == -32602, replies[4].ToString());
        Assert.Equal(-32602, replies[5].ErrorCode);
    }
}
