using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Server.Hosting;

/// <summary>The names of the servers of one container, in the order in which they were added.</summary>
internal sealed class ServerNames
{
    private readonly List<string> _names = [];

    /// <summary>Those of a container that is being described; made at the first look.</summary>
    internal static ServerNames Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(static service => service.ServiceType == typeof(ServerNames))?.ImplementationInstance is ServerNames names)
        {
            return names;
        }

        var made = new ServerNames();
        services.AddSingleton(made);
        return made;
    }

    /// <summary>Adds a name.</summary>
    /// <exception cref="ArgumentException">It is taken.</exception>
    internal void Add(string name)
    {
        if (_names.Contains(name))
        {
            throw new ArgumentException($"A server named \"{name}\" was added already; servers of one container need different names.", nameof(name));
        }

        _names.Add(name);
    }

    /// <summary>The one server, for those that do not say which.</summary>
    internal PeregrineServer Single(IServiceProvider services) => _names.Count == 1
        ? services.GetRequiredKeyedService<PeregrineServer>(_names[0])
        : throw new InvalidOperationException($"The container has {_names.Count} servers, {Quoted()}: say which one is meant, for example MapPeregrine(\"/mcp\", \"{_names[0]}\"), or ask for the service by its name as the key.");

    /// <summary>The server with a name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    internal PeregrineServer Get(IServiceProvider services, string name) => _names.Contains(name)
        ? services.GetRequiredKeyedService<PeregrineServer>(name)
        : throw new InvalidOperationException($"There is no server named \"{name}\"; AddPeregrine has added {Quoted()}.");

    private string Quoted() => string.Join(", ", _names.Select(static name => $"\"{name}\""));
}
