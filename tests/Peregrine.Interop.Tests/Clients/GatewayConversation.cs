using Peregrine.Interop.Tests.Counterparts;

namespace Peregrine.Interop.Tests.Clients;

/// <summary>What every client does at the gateway, and what must come of it.</summary>
internal static class GatewayConversation
{
    internal static ToolRequest[] Calls { get; } =
    [
        ToolRequest.Of("everything_echo", ("message", "falcon \u2713")),
        ToolRequest.Of("official_echo", ("message", "falcon \u2713")),
        ToolRequest.Of("everything_get-sum", ("a", 2), ("b", 3)),
        ToolRequest.Of("official_add", ("a", 2), ("b", 3)),
        ToolRequest.Of("everything_get-structured-content", ("location", "New York")),
        ToolRequest.Of("everything_get-tiny-image"),
        ToolRequest.Of("everything_trigger-long-running-operation", ("duration", 0.4), ("steps", 4)),
        ToolRequest.Of("official_nothing"),
    ];

    internal static void Judge(Conversation conversation, string version)
    {
        Assert.Equal(version, conversation.Version);
        Assert.Equal("peregrine", conversation.ServerName);

        // One list: the tools of the first server, then those of the second, each under its prefix and none twice.
        Assert.Equal(conversation.Tools.Distinct(), conversation.Tools);
        Assert.Equal(["official_echo", "official_add", "official_slow"], conversation.Tools.TakeLast(3));
        Assert.All(conversation.Tools.SkipLast(3), static name => Assert.StartsWith("everything_", name, StringComparison.Ordinal));
        Assert.Contains("everything_echo", conversation.Tools);

        var replies = conversation.Replies;
        Assert.Equal("Echo: falcon \u2713", replies[0].Text);
        Assert.Equal("falcon \u2713", replies[1].Text);
        Assert.Equal("The sum of 2 and 3 is 5.", replies[2].Text);
        Assert.Equal("5", replies[3].Text);
        Assert.Equal(33, (int)replies[4].Result!["structuredContent"]!["temperature"]!);
        Assert.Contains(replies[5].Result!["content"]!.AsArray(), static block => (string)block!["type"]! == "image" && ((string)block["data"]!).Length > 1000);
        Assert.StartsWith("Long running operation completed", replies[6].Text, StringComparison.Ordinal);

        // The TypeScript clients drop those that they read in one piece with the result: on a busy machine all but the first.
        Assert.NotEmpty(replies[6].Progress);

        // In order of value: the C# client hands each notification to the thread pool, which may turn them about.
        Assert.Equal(Enumerable.Range(1, replies[6].Progress.Count).Select(static step => (double)step), replies[6].Progress.Order());
        Assert.Equal(-32602, replies[7].ErrorCode);
        Assert.Contains("Unknown tool: official_nothing", replies[7].ErrorMessage, StringComparison.Ordinal);
        Assert.All(replies.SkipLast(1), static reply => Assert.False(reply.IsError));
    }
}
