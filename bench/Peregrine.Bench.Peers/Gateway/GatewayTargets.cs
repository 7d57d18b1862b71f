using Peregrine.Bench.Peers.Http;
using Peregrine.Bench.Peers.Targets;
using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Gateway;

/// <summary>What is measured in the rows about gateways, ours first. All stand before the same server.</summary>
internal sealed class GatewayTargets(Installation installation)
{
    private const string NoNginx = "nginx is not installed (Debian package nginx-light)";

    private readonly GatewayFiles _files = new(installation.Root);

    /// <summary>The gateway, the bare forwarder and nginx.</summary>
    public IReadOnlyList<Target> Proxies(Era era, int upstreamPort) =>
    [
        Ours(era, upstreamPort, caches: false),
        new("forwarder", "bare forwarder: Kestrel and SocketsHttpHandler", TargetRole.Forwarder, installation.MissingBuilt("HttpForwarder"),
            port => [installation.Built("HttpForwarder"), "--urls", HttpWorkload.OriginOn(port), "--to", HttpWorkload.OriginOn(upstreamPort)]),
        new("nginx", "nginx, one worker", TargetRole.Nginx, installation.Nginx is null ? NoNginx : null,
            port => [installation.Nginx!, "-c", _files.WriteNginx(port, upstreamPort), "-p", _files.Folder, "-e", Path.Combine(_files.Folder, "error.log")]),
    ];

    /// <summary>The server behind them, which runs already.</summary>
    public static Target Direct { get; } = new("direct", "the server itself", TargetRole.Direct, null, _ => []);

    /// <summary>The gateway by itself.</summary>
    /// <param name="caches">True where it keeps results.</param>
    public Target Ours(Era era, int upstreamPort, bool caches) =>
        new("peregrine", caches ? "Peregrine, from its cache" : "Peregrine", TargetRole.Ours, installation.MissingServer,
            // Its state is no business of the user's own gateways.
            port => ["env", $"XDG_STATE_HOME={_files.Folder}", installation.Server!, "up", "--config", _files.WriteConfiguration(era, upstreamPort, caches), "--urls", HttpWorkload.OriginOn(port)]);
}
