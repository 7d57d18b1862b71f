using System.Diagnostics;
using Peregrine.Bench.Peers.Http;
using Peregrine.Bench.Peers.Measuring;
using Peregrine.Bench.Peers.Processes;

namespace Peregrine.Bench.Peers.Gateway;

/// <summary>A server, or what stands before one, and one connection with one call at a time on it.</summary>
internal sealed class OneCallLoad : ILoad
{
    // Whoever had nothing to do for a slice of the others takes some calls until its caches are warm.
    private const int UncountedCalls = 20;

    private readonly NativeProcess? _process;
    private readonly OneCallConnection _connection;
    private readonly LatencyHistogram _latencies = new(subBucketBits: 10);
    private long _calls;
    private TimeSpan _loaded;
    private long _began;
    private UsageWindow _usage;

    private OneCallLoad(NativeProcess? process, int processId, OneCallConnection connection)
    {
        (_process, ProcessId, _connection) = (process, processId, connection);
        _usage = new UsageWindow(processId);
    }

    public int ProcessId { get; }

    /// <summary>Starts a program and calls it.</summary>
    public static OneCallLoad Start(IReadOnlyList<string> command, int port, ReadOnlySpan<int> processors, HttpWorkload workload)
    {
        NativeProcess process = NativeProcess.Start(command, processors);
        try
        {
            HttpProbe.WaitUntilListening(process, port);
            workload.Check(HttpProbe.Post(port, workload));
            return new OneCallLoad(process, process.Id, new OneCallConnection(port, workload));
        }
        catch (Exception exception) when (exception is BenchException or HttpRequestException or TaskCanceledException)
        {
            string text = process.ErrorText();
            process.Dispose();
            throw new BenchException($"{exception.Message}; it wrote: {text}");
        }
    }

    /// <summary>Calls a server that runs already, and is not ended with this.</summary>
    public static OneCallLoad On(UpstreamServer upstream, HttpWorkload workload) => new(null, upstream.ProcessId, new OneCallConnection(upstream.Port, workload));

    public Measurement Run(TimeSpan length)
    {
        Begin();
        Slice(length);
        return End();
    }

    /// <summary>A round begins, of one slice or more.</summary>
    public void Begin()
    {
        _latencies.Clear();
        (_calls, _loaded, _began) = (0, TimeSpan.Zero, Stopwatch.GetTimestamp());
        _usage = new UsageWindow(ProcessId);
    }

    /// <summary>Calls one after another for that long.</summary>
    public void Slice(TimeSpan length)
    {
        for (int call = 0; call < UncountedCalls; call++)
            _connection.Call();
        long start = Stopwatch.GetTimestamp();
        long end = start + (long)(length.TotalSeconds * Stopwatch.Frequency);
        long sent = start;
        while (sent < end)
        {
            _connection.Call();
            long received = Stopwatch.GetTimestamp();
            _latencies.Record((long)((received - sent) * (1e9 / Stopwatch.Frequency)));
            sent = received;
            _calls++;
        }

        _loaded += Stopwatch.GetElapsedTime(start, sent);
    }

    /// <summary>What all slices of the round gave. The processor time of a server that others call as well, who take turns with this one, says nothing and is 0.</summary>
    public Measurement End()
    {
        Measurement whole = _usage.End(_calls / _loaded.TotalSeconds, _latencies.Quantile(0.5), _latencies.Quantile(0.99), _latencies.Quantile(1), TimeSpan.Zero);
        return whole with { ServerProcessors = _process is null ? 0 : whole.ServerProcessors * (Stopwatch.GetElapsedTime(_began) / _loaded) };
    }

    public void Dispose()
    {
        _connection.Dispose();
        _process?.Dispose();
    }
}
