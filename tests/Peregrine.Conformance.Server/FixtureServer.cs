using Peregrine.Conformance.Server.Tools;
using Peregrine.Server;
using Peregrine.Server.Tools;

namespace Peregrine.Conformance.Server;

/// <summary>Everything that the suite asks a server to have, by the names that it uses.</summary>
internal static class FixtureServer
{
    /// <summary>Describes it. The first tool takes no arguments and succeeds: the suite calls whatever tool is first.</summary>
    internal static PeregrineServerBuilder Describe()
    {
        var builder = PeregrineServer.CreateBuilder("peregrine-conformance", "1.0.0").AddTools(new SimpleTools());
        foreach (McpToolHandler tool in (McpToolHandler[])[.. ContentTools.All, new SchemaTool()])
        {
            builder.AddTool(tool);
        }

        return builder;
    }
}
