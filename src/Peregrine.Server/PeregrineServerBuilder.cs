using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Binding;
using Peregrine.Server.Filters;
using Peregrine.Server.Injection;
using Peregrine.Server.Registry;
using Peregrine.Server.Tools;

namespace Peregrine.Server;

/// <summary>Describes a server, then builds it. Not thread-safe.</summary>
public sealed partial class PeregrineServerBuilder
{
    private readonly string _name;
    private readonly string _version;
    private readonly List<Func<ServerServices, List<string>, McpToolHandler[]>> _tools = [];
    private readonly List<ToolFilter> _filters = [];
    private PeregrineServerOptions _options = PeregrineServerOptions.Default;
    private IWorkScheduler _scheduler = ThreadPoolScheduler.Instance;
    private ILoggerFactory? _loggers;
    private IServiceProvider? _services;
    private IServiceCollection? _registered;

    internal PeregrineServerBuilder(string name, string version)
    {
        _name = name;
        _version = version;
    }

    /// <summary>
    /// Adds the tools, prompts and resources of <typeparamref name="T"/>, its constructor's parameters taken from the services. One instance serves all calls, from many threads at once, unless it is known from what was
    /// registered that a parameter is scoped or transient: then each call has its own, from a scope of its own (HTTP: that of the request), and disposed with it. A class that is itself registered is taken from
    /// the services as it is registered there.
    /// </summary>
    /// <exception cref="InvalidOperationException">The generator did not see the class.</exception>
    public PeregrineServerBuilder AddTools<T>()
        where T : class
    {
        var set = GeneratedTools.Get(typeof(T));
        _tools.Add((services, faults) => services.Create<T>(set, faults));
        return this;
    }

    /// <summary>Adds the tools, prompts and resources of <paramref name="instance"/>, which is called from many threads at once.</summary>
    /// <exception cref="InvalidOperationException">The generator did not see the class.</exception>
    public PeregrineServerBuilder AddTools<T>(T instance)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(instance);
        var set = GeneratedTools.Get(typeof(T));
        _tools.Add((services, _) => services.Make(set, new ToolInstance<T>(instance)));
        return this;
    }

    /// <summary>Adds a tool written by hand.</summary>
    public PeregrineServerBuilder AddTool(McpToolHandler tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        _tools.Add((_, _) => [tool]);
        return this;
    }

    /// <summary>Adds a tool from its schema and its code.</summary>
    /// <param name="definition">What the tool is.</param>
    /// <param name="handler">Runs one call (see <see cref="Dispatch.McpHandler.InvokeAsync"/>); called from many threads at once.</param>
    public PeregrineServerBuilder AddTool(McpToolDefinition definition, Func<McpCall, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(handler);
        return AddTool(new DelegateToolHandler(definition, handler));
    }

    /// <summary>Changes the options.</summary>
    public PeregrineServerBuilder Configure(Func<PeregrineServerOptions, PeregrineServerOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _options = change(_options);
        return this;
    }

    /// <summary>Where log records go. Default: nowhere. On stdio they must not go to standard output; the transport moves it out of the way.</summary>
    public PeregrineServerBuilder UseLogging(ILoggerFactory loggers)
    {
        _loggers = loggers;
        return this;
    }

    /// <summary>Where tool classes take their constructor's parameters from, and tools their services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="registered">What was registered to make them. Null where that is not known: then every tool class has one instance, made with these services.</param>
    public PeregrineServerBuilder UseServices(IServiceProvider services, IServiceCollection? registered = null)
    {
        _services = services;
        _registered = registered;
        _loggers ??= (ILoggerFactory?)services?.GetService(typeof(ILoggerFactory));
        return this;
    }

    /// <summary>Who runs work. Default: the thread pool.</summary>
    public PeregrineServerBuilder UseScheduler(IWorkScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler;
        return this;
    }

    /// <summary>Has a filter surround calls of tools. Filters run in the order in which they are added, the first outermost, the same on every transport.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="appliesTo">Which tools it surrounds, asked once for each when it is registered; null: all. The others pay nothing.</param>
    public PeregrineServerBuilder AddFilter(McpFilter filter, Func<McpToolDefinition, bool>? appliesTo = null)
    {
        ArgumentNullException.ThrowIfNull(filter);
        _filters.Add(new ToolFilter(filter, appliesTo));
        return this;
    }

    /// <summary>Builds the server.</summary>
    /// <exception cref="InvalidOperationException">Options, tools, prompts or resources are faulty; the message names every fault.</exception>
    public PeregrineServer Build()
    {
        List<string> faults = [];
        faults.AddRange(_options.Validate());
        var services = _services is null && _registered is null ? new ServerServices() : new ServerServices(_services, _registered);
        List<McpToolHandler> tools = [];
        foreach (var create in _tools)
        {
            tools.AddRange(create(services, faults));
        }

        faults.AddRange(ToolRules.Validate(tools));
        if (tools.Count > _options.MaxTools)
        {
            faults.Add($"There are {tools.Count} tools; {nameof(PeregrineServerOptions.MaxTools)} allows {_options.MaxTools}.");
        }

        var contents = AddPrompts(AddResources(new RegistryContents { Tools = [.. tools] }, services, faults), services, faults);
        if (faults.Count > 0)
        {
            throw new InvalidOperationException($"The server \"{_name}\" cannot be built:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", faults)}");
        }

        var identity = new ServerIdentity(_name, _version, _options.Title, _options.Instructions);
        return new PeregrineServer(identity, _options, contents, _scheduler, _loggers, services, [.. _filters], OpenLedger());
    }
}
