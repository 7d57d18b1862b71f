using System.Runtime.InteropServices;

namespace Peregrine.Architecture.Tests.Dependencies;

/// <summary>The names of the assemblies of .NET itself and of ASP.NET Core, read from the runtime that runs the tests.</summary>
internal static class SharedFrameworks
{
    public static IReadOnlySet<string> Bcl { get; } = Names(RuntimeEnvironment.GetRuntimeDirectory(), ["netstandard"]);

    public static IReadOnlySet<string> AspNetCore { get; } = Names(AspNetCoreFolder(), []);

    private static string AspNetCoreFolder() =>
        Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Builder.WebApplication).Assembly.Location)!;

    private static HashSet<string> Names(string folder, string[] more) =>
        [.. Directory.EnumerateFiles(folder, "*.dll").Select(f => Path.GetFileNameWithoutExtension(f)), .. more];
}
