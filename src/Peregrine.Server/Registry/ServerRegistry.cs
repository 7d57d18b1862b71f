using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Pagination;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>The registry at run time: one immutable snapshot, read without a lock, replaced as a whole. Thread-safe.</summary>
internal sealed class ServerRegistry
{
    private readonly Lock _gate = new();
    private readonly ListSettings _settings;
    private readonly CallPipeline _pipeline;
    private volatile RegistrySnapshot _current;

    internal ServerRegistry(RegistryContents contents, ServerIdentity identity, PeregrineServerOptions options, CallPipeline pipeline)
    {
        _pipeline = pipeline;
        _settings = new ListSettings(options.ListPageSize, identity.CacheableSuffix(options.ListTimeToLive), new CursorSeal(options.ListCursorKey));
        _current = new RegistrySnapshot(contents, Prepare(contents.Tools, []), _settings);
    }

    /// <summary>Called after each change, in order, with the lists it touched; not under a lock that readers take.</summary>
    internal event Action<RegistryChange>? Changed;

    internal RegistrySnapshot Current => _current;

    /// <summary>Replaces the contents. A request that began before goes on with what it saw.</summary>
    /// <param name="change">Makes new contents of old ones; must not keep or change the old. Its exception leaves the registry as it was.</param>
    internal void Update(Func<RegistryContents, RegistryContents> change)
    {
        lock (_gate)
        {
            var old = _current;
            var contents = change(old.Contents);
            var touched = contents.DifferenceFrom(old.Contents);
            if (touched == RegistryChange.None && contents.Completers == old.Contents.Completers)
            {
                return;
            }

            _current = new RegistrySnapshot(contents, Prepare(contents.Tools, old.Registered), _settings, old);
            if (touched != RegistryChange.None)
            {
                Changed?.Invoke(touched);
            }
        }
    }

    private ImmutableArray<RegisteredTool> Prepare(ImmutableArray<McpToolHandler> tools, ImmutableArray<RegisteredTool> prepared)
    {
        Dictionary<McpToolHandler, RegisteredTool> known = new(ReferenceEqualityComparer.Instance);
        foreach (var tool in prepared.AsSpan())
        {
            known[tool.Handler] = tool;
        }

        var registered = new RegisteredTool[tools.Length];
        for (var i = 0; i < registered.Length; i++)
        {
            registered[i] = known.GetValueOrDefault(tools[i]) ?? new RegisteredTool(tools[i], _pipeline.Prepare(tools[i]));
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(registered);
    }
}
