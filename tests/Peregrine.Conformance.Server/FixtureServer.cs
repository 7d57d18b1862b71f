using Peregrine.Conformance.Server.Prompts;
using Peregrine.Conformance.Server.Resources;
using Peregrine.Conformance.Server.Tools;
using Peregrine.Server;

namespace Peregrine.Conformance.Server;

/// <summary>Everything that the suite asks a server to have, by the names that it uses.</summary>
internal static class FixtureServer
{
    /// <summary>Builds it. The first tool takes no arguments and succeeds: the suite calls whatever tool is first.</summary>
    /// <param name="services">The services of the host, or null.</param>
    internal static PeregrineServer Build(IServiceProvider? services = null)
    {
        PeregrineServer? server = null;
        var builder = PeregrineServer.CreateBuilder("peregrine-conformance", "1.0.0")
            .AddTools(new SimpleTools())
            .AddContentTools()
            .AddSchemaTools()
            .AddTools(new StreamTools())
            .AddTools(new SessionTools())
            .AddTools(new InputTools())
            .AddEventTools(() => server!)
            .AddFixtureResources()
            .AddFixturePrompts();
        if (services is not null)
        {
            builder.UseServices(services);
        }

        return server = builder.Build();
    }
}
