using System.Reflection;
using Peregrine.Server.Binding;

namespace Peregrine.Server;

// Classes that are not named as type arguments.
public sealed partial class PeregrineServerBuilder
{
    /// <summary>Adds the tools, prompts and resources of a class, which may be static.</summary>
    /// <exception cref="InvalidOperationException">The generator did not see the class.</exception>
    public PeregrineServerBuilder AddTools(Type toolClass)
    {
        ArgumentNullException.ThrowIfNull(toolClass);
        var set = GeneratedTools.Get(toolClass);
        if (set.AddTo is { } add)
        {
            add(this);
        }
        else
        {
            _tools.Add((services, _) => services.Make(set, null));
        }

        return this;
    }

    /// <summary>Adds all classes of an assembly that are marked as classes of tools, in the order of their names.</summary>
    /// <exception cref="InvalidOperationException">There are none that the generator saw.</exception>
    public PeregrineServerBuilder AddToolsFrom(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var classes = GeneratedTools.ClassesOf(assembly);
        if (classes.Count == 0)
        {
            throw new InvalidOperationException($"{assembly.GetName().Name} has no classes of tools. Mark them [McpTools], and reference the Peregrine.Generators analyzer from their project.");
        }

        foreach (var toolClass in classes)
        {
            AddTools(toolClass);
        }

        return this;
    }
}
