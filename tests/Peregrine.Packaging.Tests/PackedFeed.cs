using System.Globalization;
using Peregrine.Packaging.Tests;

[assembly: AssemblyFixture(typeof(PackedFeed))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Peregrine.Packaging.Tests;

/// <summary>
/// All packages, packed from source into a folder of their own, under a version that nothing else has; and an empty place in which nothing is known but them and what the machine's package sources have.
/// </summary>
public sealed class PackedFeed : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peregrine-packages-");

    /// <summary>The version of the packages.</summary>
    internal string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{Environment.ProcessId}");

    /// <summary>Where the packages are.</summary>
    internal string Feed => Path.Combine(_folder.FullName, "feed");

    /// <summary>Packages that the tests make are put here, and can be had from here.</summary>
    internal string OwnFeed => Path.Combine(_folder.FullName, "own");

    /// <summary>Package folder, tools and templates of these tests, apart from those of the user.</summary>
    internal IReadOnlyDictionary<string, string> Surroundings => new Dictionary<string, string>
    {
        ["NUGET_PACKAGES"] = Path.Combine(_folder.FullName, "installed"),
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
    };

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(OwnFeed);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{Feed}" /><add key="own" value="{OwnFeed}" /></packageSources>
            </configuration>
            """);
        await Command.RunAsync(RepositoryRoot(), new Dictionary<string, string>(), "", "dotnet", "pack", "Peregrine.slnx", "-c", "Release", "-o", Feed, $"-p:Version={Version}", "-v", "quiet", "--nologo");
        await DotnetAsync(_folder.FullName, "new", "install", Path.Combine(Feed, $"Peregrine.Templates.{Version}.nupkg"), "--debug:custom-hive", Path.Combine(_folder.FullName, "hive"));
    }

    /// <summary>An empty folder.</summary>
    internal string NewFolder(string name) => _folder.CreateSubdirectory(name).FullName;

    /// <summary>Makes a solution from a template.</summary>
    /// <returns>Its folder.</returns>
    internal async Task<string> CreateAsync(string template, string name)
    {
        await DotnetAsync(_folder.FullName, "new", template, "-n", name, "-o", name, "--debug:custom-hive", Path.Combine(_folder.FullName, "hive"));
        return Path.Combine(_folder.FullName, name);
    }

    internal Task<string> DotnetAsync(string folder, params string[] arguments) => Command.RunAsync(folder, Surroundings, "", "dotnet", arguments);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return default;
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Peregrine.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests must run inside the repository.");
        }

        return folder.FullName;
    }
}
