using Peregrine.Gateway.Routing;
using Peregrine.Gateway.Subscriptions;

namespace Peregrine.Gateway.Hosting;

/// <summary>What is served at one path: everything, or what a virtual server has. Immutable.</summary>
/// <param name="Name">The virtual server's name; null for everything.</param>
/// <param name="Responder">What answers there.</param>
/// <param name="Events">What tells of changes there.</param>
internal sealed record GatewayPart(string? Name, GatewayResponder Responder, GatewayEvents Events);
