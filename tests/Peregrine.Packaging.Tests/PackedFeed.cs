using System.Globalization;
using Peregrine.Packaging.Tests;

[assembly: AssemblyFixture(typeof(PackedFeed))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Peregrine.Packaging.Tests;

/// <summary>
/// All packages, packed once from what the build has made into a folder of their own, under a version that nothing else has; and an empty place in which nothing is known but them and what the machine's package
/// sources have. What the user's package folder has already is taken from there, so that only the packages under test are unpacked.
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
              <fallbackPackageFolders><add key="user" value="{UserPackages()}" /></fallbackPackageFolders>
            </configuration>
            """);
        await PackAsync();
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

    /// <summary>Copies a sample of one file, which then names the packages under test.</summary>
    internal async Task CopySampleAsync(string name, string folder)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "samples", "SingleFile", name));
        Assert.Contains("@0.1.0", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, name), text.Replace("@0.1.0", "@" + Version, StringComparison.Ordinal));
    }

    internal Task<string> DotnetAsync(string folder, params string[] arguments) => Command.RunAsync(folder, Surroundings, "", "dotnet", arguments);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return default;
    }

    // One solution of what is packed, so that no other project is even looked at.
    private async Task PackAsync()
    {
        var solution = Path.Combine(_folder.FullName, "packed.slnx");
        var projects = Directory.GetDirectories(Path.Combine(RepositoryRoot(), "src")).SelectMany(static folder => Directory.GetFiles(folder, "*.csproj"))
            .Where(static path => Path.GetFileName(path) != "Peregrine.Generators.csproj").Order(StringComparer.Ordinal).Select(static path => $"  <Project Path=\"{path}\" />");
        await File.WriteAllTextAsync(solution, $"<Solution>\n{string.Join('\n', projects)}\n</Solution>\n");
        await Command.RunAsync(RepositoryRoot(), new Dictionary<string, string>(), "",
            "dotnet", "pack", solution, "-c", "Release", "--no-build", "-o", Feed, $"-p:PackageVersion={Version}", "-v", "quiet", "--nologo");
    }

    private static string UserPackages()
    {
        var configured = Environment.GetEnvironmentVariable("NUGET_PACKAGES");
        var folder = string.IsNullOrEmpty(configured) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages") : configured;

        // NuGet refuses a fallback folder that does not exist.
        return Directory.CreateDirectory(folder).FullName;
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
