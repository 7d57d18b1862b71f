using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Options;

[McpTools]
public sealed class OptionTools
{
    [McpTool(
        TimeoutSeconds = 2.5, MaxConcurrency = 8, CacheSeconds = 60, CacheTags = ["city", "a\"b"], InvalidatesTags = ["all"], Tier = McpToolTier.Slow, Scopes = ["weather:read"],
        Roles = ["admin", "reader"], Category = "weather", Version = "2.1", Deprecation = "Use plain.", Dependencies = ["plain"], Reconcile = nameof(Find))]
    public string All() => "all";

    [McpTool]
    public void Plain()
    {
    }

    internal ValueTask<McpReconciliation> Find(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(key == "known" ? McpReconciliation.Happened("order 5") : McpReconciliation.DidNotHappen);
    }
}
