using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Tools;

public sealed class ToolOptionTests
{
    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var tool = Tool("faulty") with
        {
            Timeout = TimeSpan.Zero,
            MaxConcurrency = 0,
            CacheDuration = TimeSpan.FromDays(32),
            CacheTags = ["", "ok"],
            InvalidatesTags = ["a\nb"],
            Tier = (McpToolTier)9,
            Scopes = ["a b"],
            Roles = [""],
            Category = " ",
            Version = "",
            Deprecation = "",
            Dependencies = ["faulty", "absent"],
            Batch = new McpBatchOptions { Max = 0, Wait = TimeSpan.FromSeconds(2) },
        };
        var error = Assert.Throws<InvalidOperationException>(() => Server(tool)).Message;
        string[] words =
        [
            "Timeout is 00:00:00", "MaxConcurrency is 0", "CacheDuration is 32.00:00:00", "CacheTags has the element \"\"", "InvalidatesTags", "Tier is 9", "Scopes has the element \"a b\"", "Roles",
            "Category is empty", "Version is empty", "Deprecation is empty", "Dependencies has the element \"faulty\"", "\"faulty\" depends on \"absent\"", "Batch.Max is 0", "Batch.Wait is 00:00:02",
        ];
        Assert.All(words, word => Assert.Contains(word, error, StringComparison.Ordinal));
        Assert.Equal(words.Length, error.Split(Environment.NewLine + "- ").Length - 1);
    }

    [Fact]
    public void Valid_options_are_taken() =>
        Assert.Single(Server(Tool("one") with { Timeout = TimeSpan.FromDays(1), MaxConcurrency = 1, CacheTags = ["a"], Scopes = ["x:y/z"], Batch = new McpBatchOptions() }).Tools);

    [Fact]
    public void Circle_is_named()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Server(
            Tool("a") with { Dependencies = ["b"] }, Tool("b") with { Dependencies = ["c", "free"] }, Tool("c") with { Dependencies = ["b"] }, Tool("free"))).Message;
        Assert.Contains("circle: b -> c -> b", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tool_added_later_may_need_one_that_is_there()
    {
        var server = Server(Tool("a"));
        server.Tools.Add(Tool("b") with { Dependencies = ["a"] }, static _ => default);
        var error = Assert.Throws<ArgumentException>(() => server.Tools.Add(Tool("c") with { Dependencies = ["d"] }, static _ => default));
        Assert.Contains("\"c\" depends on \"d\"", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Tools.Count);
    }

    [Fact]
    public void Lists_are_copied()
    {
        string[] tags = ["a"];
        var tool = Tool("a") with { CacheTags = tags };
        tags[0] = "b";
        Assert.Equal(["a"], tool.CacheTags);
    }

    private static McpToolDefinition Tool(string name) => new() { Name = name, InputSchema = """{"type":"object"}"""u8.ToArray() };

    private static PeregrineServer Server(params McpToolDefinition[] tools)
    {
        var builder = PeregrineServer.CreateBuilder("test", "1.0");
        foreach (var tool in tools)
        {
            builder.AddTool(tool, static _ => default);
        }

        return builder.Build();
    }
}
