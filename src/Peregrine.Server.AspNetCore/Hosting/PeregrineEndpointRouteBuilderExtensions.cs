using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Server.AspNetCore.Draining;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.AspNetCore.Hosting;

/// <summary>Maps MCP endpoints.</summary>
public static class PeregrineEndpointRouteBuilderExtensions
{
    /// <summary>Maps the server registered with <c>AddPeregrine</c>, both eras at one URL.</summary>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="pattern">The path, such as <c>/mcp</c>.</param>
    /// <param name="options">What the endpoint takes; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public static IEndpointConventionBuilder MapPeregrine(this IEndpointRouteBuilder endpoints, string pattern = "/mcp", HttpFrontOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapPeregrine(pattern, endpoints.ServiceProvider.GetRequiredService<PeregrineServer>(), options);
    }

    /// <summary>Maps any responder: a server, or a gateway.</summary>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="pattern">The path, such as <c>/mcp</c>.</param>
    /// <param name="responder">What answers.</param>
    /// <param name="options">What the endpoint takes; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public static IEndpointConventionBuilder MapPeregrine(this IEndpointRouteBuilder endpoints, string pattern, IMcpResponder responder, HttpFrontOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(responder);
        var loggers = endpoints.ServiceProvider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var front = new HttpFront(responder, options ?? HttpFrontOptions.Default, DrainRegistration.Of(endpoints.ServiceProvider),
            loggers.CreateLogger("Peregrine.Server.Http"));
        return endpoints.Map(pattern, front.HandleAsync);
    }
}
