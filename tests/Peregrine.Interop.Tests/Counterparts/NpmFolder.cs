using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>The folder <c>npm</c> of a test project: programs from npm, which `./test --install` installs. Where they are missing, tests are skipped and say so.</summary>
/// <param name="project">The test project.</param>
internal sealed class NpmFolder(string project)
{
    internal string Folder { get; } = Path.Combine(Programs.SourcesOf(project), "npm");

    internal bool IsInstalled => Node.Exists && File.Exists(PathOf(".package-lock.json"));

    /// <summary>The path of something installed.</summary>
    internal string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Folder, "node_modules", .. parts]);

    /// <summary>A Node of at least this version: the one of the machine, or the one that is installed in the folder; null where neither is.</summary>
    internal string? FindNode(Version least) => Node.Version >= least ? "node" : PathOf(".bin", "node") is var path && File.Exists(path) ? path : null;

    /// <summary>Skips the test where the packages are missing.</summary>
    internal void Require()
    {
        if (!Node.Exists)
        {
            Assert.Skip("needs node, which is not on the PATH (Debian package: nodejs), or run ./test --install");
        }

        if (!IsInstalled)
        {
            Assert.Skip($"needs the npm packages of tests/{project}/npm: run ./test --install, or npm ci there");
        }
    }

    /// <summary>Skips the test where the packages or a Node of at least this version are missing.</summary>
    /// <returns>The Node to run.</returns>
    internal string RequireNode(Version least)
    {
        Require();
        if (FindNode(least) is not { } node)
        {
            Assert.Skip($"needs Node {least} or newer on the PATH; found {Node.Version}, and npm has none for this system");
            throw new InvalidOperationException();
        }

        return node;
    }
}
