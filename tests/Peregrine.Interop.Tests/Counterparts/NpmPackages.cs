using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>Programs from npm. Where they are not installed, tests are skipped and say so.</summary>
internal static class NpmPackages
{
    private static readonly Version InspectorNeeds = new(22, 19);

    internal static string Folder { get; } = Path.Combine(Programs.Sources, "npm");

    internal static bool AreInstalled { get; } = Node.Exists && File.Exists(InFolder("node_modules", ".package-lock.json"));

    internal static string ServerEverything => InFolder("node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");

    /// <summary>The server as the two members of a configuration entry.</summary>
    internal static string ServerEverythingEntry => $"\"command\": \"node\", \"args\": [{JsonValue.Create(ServerEverything)!.ToJsonString()}, \"stdio\"]";

    internal static string Inspector => InFolder("node_modules", ".bin", "mcp-inspector");

    /// <summary>The Node that the Inspector can run on: the one of the machine, or the one that is installed with it.</summary>
    internal static string? NodeForInspector { get; } = Node.Version >= InspectorNeeds ? "node" : InstalledNode();

    internal static void Require()
    {
        if (!Node.Exists)
        {
            Assert.Skip("needs node, which is not on the PATH (Debian package: nodejs), or run ./test --install");
        }

        if (!AreInstalled)
        {
            Assert.Skip("needs the npm packages of tests/Peregrine.Interop.Tests/npm: run ./test --install, or npm ci there");
        }
    }

    internal static void RequireInspector()
    {
        Require();
        if (NodeForInspector is null)
        {
            Assert.Skip($"needs Node {InspectorNeeds} or newer on the PATH; found {Node.Version}, and npm has none for this system");
        }
    }

    private static string InFolder(params string[] parts) => Path.Combine([Folder, .. parts]);

    private static string? InstalledNode() => InFolder("node_modules", ".bin", "node") is var path && File.Exists(path) ? path : null;
}
