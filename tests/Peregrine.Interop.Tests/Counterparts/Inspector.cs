using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>The command line of the MCP Inspector.</summary>
internal static class Inspector
{
    /// <summary>Runs it once against a URL and gives the result it prints.</summary>
    internal static async Task<JsonNode> AskAsync(Uri endpoint, string era, params string[] question)
    {
        var node = NpmPackages.RequireInspector();
        using var home = new TemporaryFolder();
        string[] arguments = [NpmPackages.Inspector, "--cli", endpoint.ToString(), "--transport", "http", "--protocol-era", era, "--format", "json", "--quiet", .. question];

        // It keeps files in the home folder, which are nobody's business here.
        var result = await StartedProgram.RunAsync(node, arguments, new Dictionary<string, string> { ["HOME"] = home.Folder });
        Assert.True(result.ExitCode == 0, result.ToString());
        return JsonNode.Parse(result.Output)!["result"]!;
    }
}
