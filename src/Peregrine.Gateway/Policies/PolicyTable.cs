using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Peregrine.Execution.Scheduling;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Upstreams;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Policies;

/// <summary>Which policies hold for which calls, under one configuration. What was found for a tool is remembered as long as the catalog has it. Thread-safe.</summary>
internal sealed class PolicyTable
{
    private readonly PolicyConfiguration _policies;
    private readonly PolicyParts _parts;
    private readonly (NamePattern Pattern, PolicyScope Scope)[] _patterns;
    private readonly Dictionary<CallTier, PolicyScope> _tiers;
    private readonly bool _sharesResults;
    private readonly ConditionalWeakTable<CatalogItem, RoutePolicy> _items = [];

    // Resources are found by their URIs, which may be any number; what holds for them is the same for all that one pattern matches.
    private readonly ConcurrentDictionary<(Upstream Upstream, int Pattern), RoutePolicy> _resources = [];

    internal PolicyTable(PolicyConfiguration policies, PolicyParts parts)
    {
        _policies = policies;
        _parts = parts;

        // The order in which they are tried: without a star first, then the longest.
        _patterns = [.. policies.Patterns
            .OrderBy(static pattern => pattern.Pattern.EndsWith('*')).ThenByDescending(static pattern => pattern.Pattern.Length).ThenBy(static pattern => pattern.Pattern, StringComparer.Ordinal)
            .Select(static pattern => (new NamePattern(pattern.Pattern), PolicyScope.OfPattern(pattern)))];
        _tiers = policies.Tiers.ToDictionary(static tier => tier.Key, static tier => PolicyScope.OfTier(tier.Key, tier.Value));
        _sharesResults = policies.All.Any(static settings => settings.Cache is not null || settings.Coalesce == true);
    }

    /// <summary>The policies of a call; null where none holds.</summary>
    internal RoutePolicy? Find(McpExchange exchange, Upstream upstream, in ForwardTarget target)
    {
        // What came unread began before this table was in force: nothing is known of its arguments.
        if (!exchange.Envelope.Params.IsPresent)
        {
            return null;
        }

        if (exchange.Method == McpMethod.ResourcesRead)
        {
            return FindResource(exchange, upstream) is { IsEmpty: false } reading ? reading : null;
        }

        return target.Item is { } item && RouteOf(item) is { IsEmpty: false } route ? route : null;
    }

    /// <summary>True where something holds for calls of this tool.</summary>
    internal bool Holds(CatalogItem item) => !RouteOf(item).IsEmpty;

    /// <summary>The scopes there are, for switches that are listed before the first call.</summary>
    internal IEnumerable<PolicyScope> Scopes(IEnumerable<string> servers) => [.. servers.Select(server => PolicyScope.OfServer(server, _policies)), .. _tiers.Values, .. _patterns.Select(static pattern => pattern.Scope)];

    private RoutePolicy RouteOf(CatalogItem item) => _items.TryGetValue(item, out var route) ? route : _items.GetValue(item, Make);

    private RoutePolicy FindResource(McpExchange exchange, Upstream upstream)
    {
        var pattern = -1;
        if (_patterns.Length > 0 && JsonText.TryGetString(exchange.Envelope.Uri.Of(exchange.Body.Span), out var uri))
        {
            pattern = Array.FindIndex(_patterns, one => one.Pattern.Matches(uri!));
        }

        return _resources.GetOrAdd((upstream, pattern), static (key, table) => new RoutePolicy(table.ScopesOf(key.Upstream, key.Pattern), key.Upstream, null, table._sharesResults, table._parts), this);
    }

    private RoutePolicy Make(CatalogItem item) =>
        new(ScopesOf(item.Upstream, Array.FindIndex(_patterns, one => one.Pattern.Matches(item.FullName))), item.Upstream, item, _sharesResults, _parts);

    private PolicyScope[] ScopesOf(Upstream upstream, int pattern)
    {
        var server = PolicyScope.OfServer(upstream.Name, _policies);
        var own = pattern < 0 ? null : _patterns[pattern].Scope;
        var tier = _tiers.GetValueOrDefault(own?.Settings.Tier ?? server.Settings.Tier ?? CallTier.Normal);
        return [.. new[] { own, tier, server }.OfType<PolicyScope>()];
    }
}
