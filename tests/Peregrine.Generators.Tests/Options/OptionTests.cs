using Peregrine.Generators.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Options;

public sealed class OptionTests
{
    private static readonly ToolServer Server = ToolServer.Of<OptionTools>();

    private static McpToolDefinition Of(string name) => Server.Server.Tools.Single(tool => tool.Name == name);

    [Fact]
    public void Each_option_of_the_attribute_is_in_the_definition()
    {
        var tool = Of("all");
        Assert.Equal(TimeSpan.FromSeconds(2.5), tool.Timeout);
        Assert.Equal(8, tool.MaxConcurrency);
        Assert.Equal(TimeSpan.FromMinutes(1), tool.CacheDuration);
        Assert.Equal(["city", "a\"b"], tool.CacheTags);
        Assert.Equal(["all"], tool.InvalidatesTags);
        Assert.Equal(McpToolTier.Slow, tool.Tier);
        Assert.Equal(["weather:read"], tool.Scopes);
        Assert.Equal(["admin", "reader"], tool.Roles);
        Assert.Equal(("weather", "2.1", "Use plain."), (tool.Category, tool.Version, tool.Deprecation));
        Assert.Equal(["plain"], tool.Dependencies);
    }

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var tool = Of("plain");
        Assert.Equal(
            (null, null, TimeSpan.Zero, McpToolTier.Normal, null, null, null, null),
            (tool.Timeout, tool.MaxConcurrency, tool.CacheDuration, tool.Tier, tool.Category, tool.Version, tool.Deprecation, tool.Batch));
        Assert.Empty(tool.CacheTags.Concat(tool.InvalidatesTags).Concat(tool.Scopes).Concat(tool.Roles).Concat(tool.Dependencies));
    }

    [Fact]
    public async Task Reconciling_method_is_asked()
    {
        var tools = Server.Server.Registry.Current.Contents.Tools;
        var tool = tools.Single(static tool => tool.Definition.Name == "all");
        Assert.True(tool.CanReconcile);
        var happened = await tool.ReconcileAsync("known", default, TestContext.Current.CancellationToken);
        Assert.Equal(McpReconciliationOutcome.Happened, happened.Outcome);
        Assert.Single(happened.Content);
        Assert.Equal(McpReconciliationOutcome.DidNotHappen, (await tool.ReconcileAsync("other", default, TestContext.Current.CancellationToken)).Outcome);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await tool.ReconcileAsync("known", default, new CancellationToken(canceled: true)));
        var plain = tools.Single(static tool => tool.Definition.Name == "plain");
        Assert.False(plain.CanReconcile);
        Assert.Equal(McpReconciliationOutcome.Unknown, (await plain.ReconcileAsync("known", default, TestContext.Current.CancellationToken)).Outcome);
    }
}
