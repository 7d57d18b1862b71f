using System.Runtime.CompilerServices;
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

    // By resource, and for as long as there is one: a handler may be in several servers, each of which keeps results of its own.
    private readonly ConditionalWeakTable<McpHandler, CachedCalls> _reads = [];

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
    internal CachedCalls? CallsFor(McpHandler handler, ICallTarget target) =>
        handler is McpResourceHandler { Definition.CacheDuration.Ticks: > 0 } or McpResourceTemplateHandler { Definition.CacheDuration.Ticks: > 0 }
            ? _reads.GetValue(handler, made => CreateCalls(made, target))
            : null;

    private CachedCalls CreateCalls(McpHandler handler, ICallTarget target)
    {
        var rules = handler switch
        {
            McpResourceHandler { Definition: var one } => new CacheRules(_server, one.Uri, one.CacheDuration, one.TimeToLive, one.CacheScope, new CacheTags(one.CacheTags)),
            McpResourceTemplateHandler { Definition: var family } =>
                new CacheRules(_server, family.UriTemplate, family.CacheDuration, family.TimeToLive, family.CacheScope, new CacheTags(family.CacheTags)),
            _ => throw new ArgumentException("Only reads of resources are kept so.", nameof(handler)),
        };
        return new CachedCalls(Cache, rules, target);
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
