using System.Collections;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Tools;

/// <summary>
/// The tools of a running server, in the order in which <c>tools/list</c> gives them. Calls and lists under way go on with the tools they began with; clients are told of a change (see
/// <see cref="Subscriptions.SubscriptionOptions.GatherTime"/>). Thread-safe.
/// </summary>
public sealed class ToolCollection : IReadOnlyCollection<McpToolDefinition>
{
    private readonly ServerRegistry _registry;
    private readonly int _maxTools;
    private readonly ToolExpiry _expiry;

    internal ToolCollection(ServerRegistry registry, int maxTools, TimeProvider time)
    {
        _registry = registry;
        _maxTools = maxTools;
        _expiry = new ToolExpiry(registry, time);
    }

    /// <summary>How many there are.</summary>
    public int Count => _registry.Current.Contents.Tools.Length;

    /// <summary>True where a tool has this name.</summary>
    public bool Contains(string name) => _registry.Current.Contents.Tools.Any(tool => tool.Definition.Name == name);

    /// <summary>Adds a tool behind the others.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="timeToLive">After how long it is removed again; null: never. More than zero.</param>
    /// <exception cref="ArgumentException">Its name is invalid or taken, or a header annotation of its schema is invalid; the message names every fault.</exception>
    /// <exception cref="InvalidOperationException">The server has as many tools as it may have (<see cref="PeregrineServerOptions.MaxTools"/>).</exception>
    public void Add(McpToolHandler tool, TimeSpan? timeToLive = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        AddRange([tool], timeToLive);
    }

    /// <summary>Adds a tool from its schema and its code.</summary>
    /// <param name="definition">What the tool is.</param>
    /// <param name="handler">Runs one call (see <see cref="Dispatch.McpHandler.InvokeAsync"/>); called from many threads at once.</param>
    /// <param name="timeToLive">After how long it is removed again; null: never. More than zero.</param>
    /// <inheritdoc cref="Add(McpToolHandler, TimeSpan?)" path="/exception"/>
    public void Add(McpToolDefinition definition, Func<McpCall, ValueTask> handler, TimeSpan? timeToLive = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(handler);
        Add(new DelegateToolHandler(definition, handler), timeToLive);
    }

    /// <summary>Adds many tools in one change, all or none: cheaper than one by one, for each change builds the list anew.</summary>
    /// <param name="tools">The tools, in order.</param>
    /// <param name="timeToLive">After how long they are removed again; null: never. More than zero.</param>
    /// <inheritdoc cref="Add(McpToolHandler, TimeSpan?)" path="/exception"/>
    public void AddRange(IEnumerable<McpToolHandler> tools, TimeSpan? timeToLive = null)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(timeToLive));
        McpToolHandler[] added = [.. tools];
        _registry.Update(contents => contents with { Tools = contents.Tools.AddRange(Judge(contents, added)) });
        if (timeToLive is { } time)
        {
            _expiry.Set(added, time);
        }
    }

    /// <summary>Removes a tool. Calls under way end as they would have.</summary>
    /// <returns>False where no tool has this name.</returns>
    public bool Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var removed = false;
        _registry.Update(contents =>
        {
            var tools = contents.Tools.RemoveAll(tool => tool.Definition.Name == name);
            removed = tools.Length < contents.Tools.Length;
            return removed ? contents with { Tools = tools } : contents;
        });
        _expiry.Forget(name);
        return removed;
    }

    /// <inheritdoc/>
    public IEnumerator<McpToolDefinition> GetEnumerator() => _registry.Current.Contents.Tools.Select(static tool => tool.Definition).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private McpToolHandler[] Judge(RegistryContents contents, McpToolHandler[] added)
    {
        if (contents.Tools.Length + added.Length > _maxTools)
        {
            throw new InvalidOperationException(
                $"The server has {contents.Tools.Length} tools and may have {_maxTools}; {added.Length} more were to be added. Remove some, or raise {nameof(PeregrineServerOptions.MaxTools)}.");
        }

        HashSet<string> names = new(added.Select(static tool => tool.Definition.Name), StringComparer.Ordinal);
        string[] faults =
        [
            .. ToolRules.Validate(added, contents.Tools),
            .. contents.Tools.Where(tool => names.Contains(tool.Definition.Name)).Select(static tool => $"The server has a tool named \"{tool.Definition.Name}\" already."),
        ];
        return faults.Length == 0 ? added : throw new ArgumentException(string.Join(' ', faults));
    }
}
