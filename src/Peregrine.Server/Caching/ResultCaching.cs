using Peregrine.Execution.Caching;
using Peregrine.Execution.Switches;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Resources;
using Peregrine.Server.Scheduling;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Caching;

/// <summary>The results that one server keeps, and what makes them go. Thread-safe.</summary>
internal sealed class ResultCaching
{
    private readonly PeregrineServer _server;

    internal ResultCaching(PeregrineServer server, RuntimeSwitch isOn)
    {
        _server = server;
        Cache = new ResultCache(server.Options.Cache, server.Options.TimeProvider, isOn);
        Cache.Subscribe(TellOfResources);
    }

    /// <summary>The results.</summary>
    internal ResultCache Cache { get; }

    /// <summary>The step of a tool whose work invalidates results; null where it has none.</summary>
    internal InvalidatingStep? InvalidatingStepFor(McpToolHandler tool) =>
        tool.Definition.InvalidatesTags.Count == 0 ? null : new InvalidatingStep(Cache, new CacheTags(tool.Definition.InvalidatesTags));

    /// <summary>The step of a tool whose results are kept; null where they are not.</summary>
    internal CachingStep? StepFor(McpToolHandler tool)
    {
        var definition = tool.Definition;
        if (definition.CacheDuration == TimeSpan.Zero)
        {
            return null;
        }

        var rules = new CacheRules(_server, definition.Name, definition.CacheDuration, TimeSpan.Zero, definition.CacheScope, new CacheTags(definition.CacheTags));
        return new CachingStep(target => new CachedCalls(Cache, rules, target));
    }

    /// <summary>What answers reads of a resource from the cache; null where they are not kept.</summary>
    internal CachedCalls? CallsFor(McpHandler handler, ICallTarget target)
    {
        var rules = handler switch
        {
            McpResourceHandler { Definition: { CacheDuration.Ticks: > 0 } one } =>
                new CacheRules(_server, one.Uri, one.CacheDuration, one.TimeToLive, one.CacheScope, new CacheTags(one.CacheTags)),
            McpResourceTemplateHandler { Definition: { CacheDuration.Ticks: > 0 } family } =>
                new CacheRules(_server, family.UriTemplate, family.CacheDuration, family.TimeToLive, family.CacheScope, new CacheTags(family.CacheTags)),
            _ => null,
        };
        return rules is null ? null : new CachedCalls(Cache, rules, target);
    }

    // Who has read a resource, and may keep what it read, hears that it has changed.
    private void TellOfResources(CacheEvent told)
    {
        if (told.Kind != CacheEventKind.Invalidated)
        {
            return;
        }

        foreach (var resource in _server.Registry.Current.Contents.Resources)
        {
            if (resource.Definition.CacheTags.Any(told.Tags.Contains))
            {
                _server.NotifyResourceUpdated(resource.Definition.Uri);
            }
        }
    }
}
