using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Hosting;

/// <summary>A server in the gateway's own process, offered beside those of the configuration.</summary>
/// <param name="Name">Its name on the page and in metrics.</param>
/// <param name="Responder">What answers. Its tools keep their names.</param>
public sealed record InProcessServer(string Name, IMcpResponder Responder);
