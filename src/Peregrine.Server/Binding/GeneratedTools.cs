using System.Reflection;
using System.Runtime.CompilerServices;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>
/// Where generated code enters itself: a module initialiser adds, for each class marked <see cref="McpToolsAttribute"/>, how to make it and its tools. Called by
/// generated code only. Thread-safe.
/// </summary>
public static class GeneratedTools
{
    // Entered and looked up while servers are built, a few times each: a lock does.
    private static readonly Dictionary<Type, GeneratedToolSet> Sets = [];

    /// <summary>Enters the tools of <paramref name="toolClass"/>.</summary>
    public static void Add(Type toolClass, GeneratedToolSet tools)
    {
        lock (Sets)
        {
            Sets[toolClass] = tools;
        }
    }

    /// <summary>Finds the tools of <paramref name="toolClass"/>, running its module's initialiser first.</summary>
    /// <exception cref="InvalidOperationException">The generator did not see the class.</exception>
    internal static GeneratedToolSet Get(Type toolClass)
    {
        RuntimeHelpers.RunModuleConstructor(toolClass.Module.ModuleHandle);
        lock (Sets)
        {
            if (Sets.TryGetValue(toolClass, out var set))
            {
                return set;
            }
        }

        throw new InvalidOperationException(
            $"No generated tools were found for {toolClass}. Mark the class [McpTools] and its methods [McpTool], and reference the Peregrine.Generators analyzer from the project that declares it.");
    }

    /// <summary>Finds the classes of an assembly, by name.</summary>
    internal static IReadOnlyList<Type> ClassesOf(Assembly assembly)
    {
        RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        lock (Sets)
        {
            return [.. Sets.Keys.Where(type => type.Assembly == assembly).OrderBy(static type => type.FullName, StringComparer.Ordinal)];
        }
    }
}
