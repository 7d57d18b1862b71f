using System.Globalization;
using System.Text.Json;
using Peregrine.Bench.Peers.Measuring;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Http;

/// <summary>An HTTP server and wrk with one thread and 32 connections on it.</summary>
internal sealed class WrkLoad : ILoad
{
    private const int Connections = 32;
    private const string ResultMark = "RESULT ";
    private static readonly string[] s_failureKinds = ["connectErrors", "readErrors", "writeErrors", "statusErrors", "timeouts"];

    private readonly NativeProcess _process;
    private readonly int[] _loadProcessors;
    private readonly string _bodyFile;
    private readonly string[] _wrkTail;
    private readonly string _wrk;

    /// <summary>Starts the server and waits until it listens; <paramref name="check"/> examines one reply, which a cold measurement leaves until after its run.</summary>
    public WrkLoad(WrkTool tool, IReadOnlyList<string> command, int port, ReadOnlySpan<int> processors, ReadOnlySpan<int> loadProcessors, HttpWorkload workload, Action<string>? check)
    {
        Port = port;
        _loadProcessors = [.. loadProcessors];
        _wrk = tool.Path;
        _bodyFile = Path.GetTempFileName();
        File.WriteAllText(_bodyFile, workload.Body);
        string script = Path.Combine(tool.Scripts, Messages.VersionOf(workload.Era) + ".lua");
        string[] names = workload.Era == Era.Session ? [] : workload.Name is null ? [workload.Method] : [workload.Method, workload.Name];
        _wrkTail = ["-s", script, HttpWorkload.UrlOn(port), "--", _bodyFile, .. names];
        _process = NativeProcess.Start(command, processors);
        try
        {
            HttpProbe.WaitUntilListening(_process, port);
            check?.Invoke(HttpProbe.Post(port, workload));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int ProcessId => _process.Id;

    /// <summary>Where the server listens.</summary>
    public int Port { get; }

    /// <summary>The process behind the server, beside the load; null where there is none.</summary>
    public int? Upstream { get; init; }

    public void Dispose()
    {
        _process.Dispose();
        File.Delete(_bodyFile);
    }

    public Measurement Run(TimeSpan length)
    {
        // wrk takes whole seconds.
        int seconds = Math.Max(1, (int)Math.Ceiling(length.TotalSeconds));
        string[] command = [_wrk, "-t1", FormattableString.Invariant($"-c{Connections}"), FormattableString.Invariant($"-d{seconds}s"), .. _wrkTail];
        var usage = new UsageWindow(ProcessId, Upstream);
        string text = NativeProcess.RunToEnd(command, _loadProcessors, TimeSpan.FromSeconds(seconds + 30), out TimeSpan loadTime);
        int at = text.IndexOf(ResultMark, StringComparison.Ordinal);
        if (at < 0)
            throw new BenchException($"wrk printed no result: {text}");
        using JsonDocument document = JsonDocument.Parse(text.AsMemory(at + ResultMark.Length));
        JsonElement result = document.RootElement;
        string[] failures = [.. s_failureKinds
            .Where(kind => result.GetProperty(kind).GetInt64() > 0)
            .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind} {result.GetProperty(kind).GetInt64()}"))];
        if (failures.Length > 0)
            throw new BenchException($"wrk counted {string.Join(", ", failures)}; the server wrote: {_process.ErrorText()}");

        return usage.End(
            result.GetProperty("requests").GetInt64() * 1e6 / result.GetProperty("microseconds").GetInt64(),
            Microseconds(result, "p50"),
            Microseconds(result, "p99"),
            Microseconds(result, "max"),
            loadTime);
    }

    private static TimeSpan Microseconds(JsonElement result, string name) => TimeSpan.FromMicroseconds(result.GetProperty(name).GetInt64());
}
