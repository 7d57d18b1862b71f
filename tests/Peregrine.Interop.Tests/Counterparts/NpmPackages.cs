using System.Text.Json.Nodes;

namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>The counterparts from npm. Where they are not installed, tests are skipped and say so.</summary>
internal static class NpmPackages
{
    private static readonly Version InspectorNeeds = new(22, 19);
    private static readonly NpmFolder Installed = new("Peregrine.Interop.Tests");

    internal static string Folder => Installed.Folder;

    internal static bool AreInstalled { get; } = Installed.IsInstalled;

    internal static string ServerEverything => Installed.PathOf("@modelcontextprotocol", "server-everything", "dist", "index.js");

    internal static string ServerFilesystem => Installed.PathOf("@modelcontextprotocol", "server-filesystem", "dist", "index.js");

    internal static string ServerMemory => Installed.PathOf("@modelcontextprotocol", "server-memory", "dist", "index.js");

    internal static string ServerSequentialThinking => Installed.PathOf("@modelcontextprotocol", "server-sequential-thinking", "dist", "index.js");

    /// <summary>A server on the TypeScript SDK v2, in both eras.</summary>
    internal static string ServerOfTypeScriptV2 => Path.Combine(Folder, "v2-server.mjs");

    /// <summary>The server as the two members of a configuration entry.</summary>
    internal static string ServerEverythingEntry => $"\"command\": \"node\", \"args\": [{JsonValue.Create(ServerEverything)!.ToJsonString()}, \"stdio\"]";

    internal static string Inspector => Installed.PathOf(".bin", "mcp-inspector");

    internal static void Require() => Installed.Require();

    /// <summary>Skips the test where the Inspector cannot run.</summary>
    /// <returns>The Node to run it on.</returns>
    internal static string RequireInspector() => Installed.RequireNode(InspectorNeeds);
}
