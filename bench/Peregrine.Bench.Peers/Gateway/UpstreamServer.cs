using Peregrine.Bench.Peers.Http;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Targets;

namespace Peregrine.Bench.Peers.Gateway;

/// <summary>The server behind the gateways and proxies of a row: one process for all of them in turn, beside the load, so that the measured one has its processor to itself.</summary>
internal sealed class UpstreamServer : IDisposable
{
    private readonly NativeProcess _process;

    private UpstreamServer(NativeProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts it, and sees that it answers.</summary>
    /// <exception cref="BenchException">It does not.</exception>
    public static UpstreamServer Start(Target server, ReadOnlySpan<int> processors, HttpWorkload workload)
    {
        if (server.Missing is { } missing)
            throw new BenchException($"no server to put behind a gateway: {missing}");
        int port = HttpProbe.FreePort();
        NativeProcess process = NativeProcess.Start(server.Command(port), processors);
        try
        {
            HttpProbe.WaitUntilListening(process, port);
            workload.Check(HttpProbe.Post(port, workload));
            return new UpstreamServer(process, port);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public void Dispose() => _process.Dispose();
}
