using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Peregrine.Server.AspNetCore.Draining;

/// <summary>Finds the <see cref="ServerDrain"/> of a web application, which begins when the host is asked to stop (SIGTERM).</summary>
internal static class DrainRegistration
{
    // By the application's lifetime: endpoints can be mapped without anything having been added to the services.
    private static readonly ConditionalWeakTable<IHostApplicationLifetime, ServerDrain> Known = [];

    internal static ServerDrain Of(IServiceProvider services)
    {
        if (services.GetService<IHostApplicationLifetime>() is not { } lifetime)
        {
            return new ServerDrain();
        }

        return Known.GetValue(lifetime, static lifetime =>
        {
            var drain = new ServerDrain();
            lifetime.ApplicationStopping.Register(drain.Begin);
            return drain;
        });
    }
}
