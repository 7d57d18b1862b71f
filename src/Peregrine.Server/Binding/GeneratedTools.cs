using System.Collections.Concurrent;
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
    private static readonly ConcurrentDictionary<Type, GeneratedToolSet> Sets = new();

    /// <summary>Enters the tools of <paramref name="toolClass"/>.</summary>
    public static void Add(Type toolClass, GeneratedToolSet tools) => Sets[toolClass] = tools;

    /// <summary>Finds the tools of <paramref name="toolClass"/>, running its module's initialiser first.</summary>
    /// <exception cref="InvalidOperationException">The generator did not see the class.</exception>
    internal static GeneratedToolSet Get(Type toolClass)
    {
        RuntimeHelpers.RunModuleConstructor(toolClass.Module.ModuleHandle);
        return Sets.TryGetValue(toolClass, out var set)
            ? set
            : throw new InvalidOperationException(
                $"No generated tools were found for {toolClass}. Mark the class [McpTools] and its methods [McpTool], and reference the Peregrine.Generators analyzer from the project that declares it.");
    }

    /// <summary>Finds the classes of an assembly, by name.</summary>
    internal static IReadOnlyList<Type> ClassesOf(Assembly assembly)
    {
        RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        return [.. Sets.Keys.Where(type => type.Assembly == assembly).OrderBy(static type => type.FullName, StringComparer.Ordinal)];
    }
}
