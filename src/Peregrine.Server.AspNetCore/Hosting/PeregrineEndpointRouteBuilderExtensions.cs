using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Server.AspNetCore.Draining;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Legacy;
using Peregrine.Server.Fronts;
using Peregrine.Server.Hosting;

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

    /// <summary>Maps one of several servers registered with <c>AddPeregrine</c>.</summary>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="pattern">The path, such as <c>/weather</c>.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="options">What the endpoint takes; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">There is no server with this name; the message says which there are.</exception>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public static IEndpointConventionBuilder MapPeregrine(this IEndpointRouteBuilder endpoints, string pattern, string server, HttpFrontOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapPeregrine(pattern, Named(endpoints, server), options);
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
        return endpoints.MapFront(pattern, responder, options ?? HttpFrontOptions.Default).Endpoint;
    }

    /// <summary>Maps a responder, and gives what serves it, too.</summary>
    internal static (HttpFront Front, IEndpointConventionBuilder Endpoint) MapFront(this IEndpointRouteBuilder endpoints, string pattern, IMcpResponder responder, HttpFrontOptions options)
    {
        var front = new HttpFront(responder, options, DrainRegistration.Of(endpoints.ServiceProvider), Logger(endpoints));
        StopWithApplication(endpoints, front.Stop);
        if (options.SsePath is { } path)
        {
            endpoints.MapPeregrineSse(path, responder, options);
        }

        return (front, endpoints.Map(pattern, front.HandleAsync));
    }

    /// <summary>Maps HTTP+SSE, the transport of 2024-11-05, for the server registered with <c>AddPeregrine</c>. Deprecated: for clients that know no other.</summary>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="pattern">The path, for GET and POST.</param>
    /// <param name="options">What the endpoint takes; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public static IEndpointConventionBuilder MapPeregrineSse(this IEndpointRouteBuilder endpoints, string pattern = "/sse", HttpFrontOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapPeregrineSse(pattern, endpoints.ServiceProvider.GetRequiredService<PeregrineServer>(), options);
    }

    /// <summary>Maps HTTP+SSE for one of several servers registered with <c>AddPeregrine</c>.</summary>
    /// <inheritdoc cref="MapPeregrine(IEndpointRouteBuilder, string, string, HttpFrontOptions?)"/>
    public static IEndpointConventionBuilder MapPeregrineSse(this IEndpointRouteBuilder endpoints, string pattern, string server, HttpFrontOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapPeregrineSse(pattern, Named(endpoints, server), options);
    }

    /// <summary>Maps HTTP+SSE for any responder.</summary>
    /// <inheritdoc cref="MapPeregrineSse(IEndpointRouteBuilder, string, HttpFrontOptions?)"/>
    public static IEndpointConventionBuilder MapPeregrineSse(this IEndpointRouteBuilder endpoints, string pattern, IMcpResponder responder, HttpFrontOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(responder);
        var front = new SseFront(responder, options ?? HttpFrontOptions.Default, Logger(endpoints));
        StopWithApplication(endpoints, front.Stop);
        return endpoints.Map(pattern, front.HandleAsync);
    }

    private static PeregrineServer Named(IEndpointRouteBuilder endpoints, string server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var names = endpoints.ServiceProvider.GetService<ServerNames>()
            ?? throw new InvalidOperationException($"There is no server named \"{server}\"; add it with AddPeregrine.");
        return names.Get(endpoints.ServiceProvider, server);
    }

    private static ILogger Logger(IEndpointRouteBuilder endpoints) =>
        (endpoints.ServiceProvider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("Peregrine.Server.Http");

    // Streams that stay open by themselves must not hold up the end of the application.
    private static void StopWithApplication(IEndpointRouteBuilder endpoints, Action stop) =>
        endpoints.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStopping.UnsafeRegister(static stop => ((Action)stop!)(), stop);
}
