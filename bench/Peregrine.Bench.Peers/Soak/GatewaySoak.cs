using System.Globalization;
using System.Text.Json;
using Peregrine.Bench.Peers.Gateway;
using Peregrine.Bench.Peers.Http;
using Peregrine.Bench.Peers.Measuring;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Reporting;
using Peregrine.Bench.Peers.Rows;
using Peregrine.Bench.Peers.Targets;
using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Soak;

/// <summary>A long load on the gateway by `peregrine bench`, with 32 users, in one session where the era has sessions.</summary>
internal sealed class GatewaySoak(BenchOptions options, Installation installation, Placement placement, BenchEnvironment environment)
{
    /// <summary>Where the result goes unless the command line says otherwise; from the repository's root.</summary>
    public static readonly string DefaultFile = Path.Combine("bench", "results", "gateway-soak.json");

    // The best figure of the field: IBM's ContextForge, as its makers publish it.
    private const double LeastCallsPerSecond = 10_454;
    private const double LeastReuse = 0.99;
    private const int Users = 32;
    private const int WarmUpSeconds = 20;

    private readonly GatewayTargets _gateways = new(installation);
    private readonly TargetCatalog _catalog = new(installation);

    /// <summary>Loads the gateway in each era.</summary>
    /// <returns>True where every run met its budgets.</returns>
    /// <exception cref="BenchException">A program did not run.</exception>
    public bool Run(TextWriter output)
    {
        if (installation.MissingServer is { } missing)
            throw new BenchException($"Peregrine: {missing}");
        var runs = new List<SoakResult>();
        foreach (Era era in new[] { Era.Session, Era.Stateless })
        {
            SoakResult run = Run(era);
            runs.Add(run);
            SoakReport.Write(output, run);
            new SoakReport(environment, runs).WriteJson(options.JsonFile ?? Path.Combine(installation.Root, DefaultFile));
        }

        return runs.All(run => run.GeneratorFaults.Count == 0 && run.Budgets.All(budget => budget.IsMet == true));
    }

    private SoakResult Run(Era era)
    {
        HttpWorkload workload = HttpWorkload.Echo(era);
        using UpstreamServer upstream = UpstreamServer.Start(_catalog.OursOnHttp(0), placement.Load, workload);
        int port = HttpProbe.FreePort();
        using NativeProcess gateway = NativeProcess.Start(_gateways.Ours(era, upstream.Port, caches: false).Command(port), placement.Server);
        HttpProbe.WaitUntilListening(gateway, port);
        workload.Check(HttpProbe.Post(port, workload));
        string file = Path.GetTempFileName();
        try
        {
            IReadOnlyList<string> command = CommandOf(era, port, gateway.Id, file);
            GatewayStatus before = GatewayStatus.Read(port);
            string? failure = Load(command, file);
            GatewayStatus after = GatewayStatus.Read(port);
            using JsonDocument result = JsonDocument.Parse(File.ReadAllText(file) is { Length: > 0 } text ? text : throw new BenchException($"peregrine bench gave no result: {failure}"));
            string shown = string.Join(' ', command).Replace(file, "FILE", StringComparison.Ordinal).Replace(installation.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
            return Judge(Read(era, result.RootElement, before, after, shown));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private List<string> CommandOf(Era era, int port, int gateway, string file) =>
    [
        installation.Server!, "bench", "--preset", "echo", "--concurrency", Text(Users), "--duration", Text(options.SoakSeconds!.Value), "--warm-up", Text(WarmUpSeconds),
        "--protocol", Messages.VersionOf(era), "--pid", Text(gateway), "--out", file, HttpWorkload.UrlOn(port),
    ];

    // It fails where calls failed or the run does not count; its result says so too.
    private string? Load(IReadOnlyList<string> command, string file)
    {
        try
        {
            NativeProcess.RunToEnd(command, placement.Load, TimeSpan.FromSeconds(options.SoakSeconds!.Value + WarmUpSeconds + 120), out _);
            return null;
        }
        catch (BenchException exception)
        {
            return new FileInfo(file).Length > 0 ? null : exception.Message;
        }
    }

    private static SoakResult Read(Era era, JsonElement result, GatewayStatus before, GatewayStatus after, string command)
    {
        JsonElement latency = result.GetProperty("response"), generator = result.GetProperty("generator");
        JsonElement[] samples = [.. result.GetProperty("resources").GetProperty("samples").EnumerateArray()];
        if (samples.Length == 0)
            throw new BenchException("peregrine bench has seen nothing of the gateway's process");
        double seconds = result.GetProperty("durationSeconds").GetDouble();
        long requests = after.SocketRequests - before.SocketRequests, opened = after.SocketsOpened - before.SocketsOpened;
        int part = Math.Max(1, samples.Length / 10);
        return new SoakResult($"gateway-soak-{(era == Era.Session ? "2025" : "2026")}", $"gateway before an HTTP server of the same era, echo, {Users} users, {Messages.VersionOf(era)}")
        {
            Seconds = seconds,
            Calls = result.GetProperty("succeeded").GetInt64() + result.GetProperty("failed").GetInt64(),
            Failed = result.GetProperty("failed").GetInt64(),
            Errors = result.GetProperty("errors").EnumerateObject().ToDictionary(error => error.Name, error => error.Value.GetInt64()),
            CallsPerSecond = result.GetProperty("throughput").GetDouble(),
            P50Microseconds = Microseconds(latency, "p50"),
            P99Microseconds = Microseconds(latency, "p99"),
            P999Microseconds = Microseconds(latency, "p999"),
            MaxMicroseconds = Microseconds(latency, "max"),
            GatewayProcessors = samples[^1].GetProperty("processorSeconds").GetDouble() / seconds,
            Start = UseOf(samples[..part]),
            End = UseOf(samples[^part..]),
            FrontReuse = result.GetProperty("traffic").GetProperty("reuse").GetDouble(),
            UpstreamReuse = requests == 0 ? 0 : 1 - ((double)opened / requests),
            UpstreamRequests = requests,
            UpstreamSocketsOpened = opened,
            GeneratorFaults = [.. generator.GetProperty("faults").EnumerateArray().Select(fault => fault.GetString()!)],
            Command = command,
        };
    }

    private static SoakResult Judge(SoakResult run) => run with
    {
        Budgets =
        [
            new($"at least {LeastCallsPerSecond.ToString("#,0", CultureInfo.InvariantCulture)} calls/s", run.CallsPerSecond, "calls/s", run.CallsPerSecond >= LeastCallsPerSecond),
            new("no failure", run.Failed, "calls", run.Failed == 0),
            new(FormattableString.Invariant($"callers' requests on open connections above {LeastReuse}"), run.FrontReuse, "ratio", run.FrontReuse > LeastReuse),
            new(FormattableString.Invariant($"the gateway's requests on open connections above {LeastReuse}"), run.UpstreamReuse, "ratio", run.UpstreamReuse > LeastReuse),
        ],
    };

    private static SoakUse UseOf(JsonElement[] samples) => new((long)MedianOf(samples, "residentBytes"), MedianOf(samples, "descriptors"), MedianOf(samples, "threads"));

    private static double MedianOf(JsonElement[] samples, string name) => Median.Of(samples.Select(sample => sample.GetProperty(name).GetDouble()));

    private static double Microseconds(JsonElement latency, string name) => latency.GetProperty(name).GetInt64() / 1000.0;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
