using Peregrine.Bench.Peers.Gateway;
using Peregrine.Bench.Peers.Http;
using Peregrine.Bench.Peers.Measuring;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Stdio;
using Peregrine.Bench.Peers.Targets;
using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Rows;

/// <summary>Measures rows: every target is started and warmed up, then they are measured in turn, round after round, so that a slow minute of the machine meets all of them.</summary>
internal sealed class RowRunner(BenchOptions options, Installation installation, Placement placement, Action<string> progress)
{
    private const int ListedTools = 100;
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(300);

    private readonly TargetCatalog _catalog = new(installation);
    private readonly GatewayTargets _gateways = new(installation);
    private readonly Dictionary<(RowKind, Era), string> _replies = [];

    // Behind the gateways of the row that is being measured.
    private UpstreamServer? _upstream;

    public RowResult Run(RowDefinition row)
    {
        progress($"{row.Id}: {row.Title}");
        string? impossible = row switch
        {
            { Kind: RowKind.Start, Processors: 2 } when !placement.HasTwo => "needs two cores",
            { Kind: RowKind.Http or RowKind.HttpFirst or RowKind.List or RowKind.Gateway or RowKind.GatewayCache } when installation.Wrk is null => "wrk is not on the PATH (Debian package wrk)",
            _ => null,
        };
        string? failed = row.HasUpstream && impossible is null ? StartUpstream(row) : null;
        try
        {
            return Measure(row, impossible, failed);
        }
        finally
        {
            _upstream?.Dispose();
            _upstream = null;
        }
    }

    // Null, or why it does not run.
    private string? StartUpstream(RowDefinition row)
    {
        try
        {
            _upstream = UpstreamServer.Start(_catalog.OursOnHttp(0), placement.Load, WorkloadOf(row));
            return null;
        }
        catch (Exception exception) when (exception is BenchException or HttpRequestException or TaskCanceledException)
        {
            return exception.Message;
        }
    }

    private RowResult Measure(RowDefinition row, string? impossible, string? failed)
    {
        string? note = null;
        Candidate[] candidates = [.. TargetsOf(row, ref note)
            .Where(target => options.Includes(target.Id) || target.Role == TargetRole.Direct)
            .Select(target => new Candidate(target, installation.Root) { Failed = failed })];
        foreach (Candidate candidate in candidates)
        {
            candidate.Skipped = impossible ?? candidate.Target.Missing;
            if (candidate.Skipped is { } reason)
                progress($"  {candidate.Target.Id}: skipped: {reason}");
        }

        switch (row.Kind)
        {
            case RowKind.Start:
                Rounds(row, candidates, candidate => MeasureStart(row, candidate));
                break;
            case RowKind.HttpFirst:
                Rounds(row, candidates, candidate => MeasureFirst(row, candidate));
                break;
            case RowKind.GatewayLatency:
                MeasureLatency(row, candidates);
                break;
            default:
                MeasureWarm(row, candidates);
                break;
        }

        return RowResult.From(row, note, [.. candidates.Select(candidate => candidate.ToResult())]);
    }

    private void MeasureWarm(RowDefinition row, Candidate[] candidates)
    {
        try
        {
            foreach (Candidate candidate in candidates)
            {
                Guard(candidate, () =>
                {
                    candidate.Load = StartLoad(row, candidate, isChecked: true);
                    Warm(candidate);
                });
            }

            Rounds(row, candidates, candidate =>
            {
                candidate.Load!.Run(s_settle);
                candidate.Add(row.Kind == RowKind.GatewayCache && candidate.Target.Role == TargetRole.Ours ? RunFromCache(candidate.Load) : candidate.Load.Run(options.Window));
            });
        }
        finally
        {
            foreach (Candidate candidate in candidates)
                candidate.Load?.Dispose();
        }
    }

    // What the row says of itself is counted: a call that went on to the server would be another row's.
    private Measurement RunFromCache(ILoad load)
    {
        int port = ((WrkLoad)load).Port;
        GatewayStatus before = GatewayStatus.Read(port);
        Measurement measurement = load.Run(options.Window);
        GatewayStatus after = GatewayStatus.Read(port);
        return after.CacheHits > before.CacheHits && after.CacheMisses == before.CacheMisses
            ? measurement
            : throw new BenchException($"{after.CacheHits - before.CacheHits} calls were answered from the cache, {after.CacheMisses - before.CacheMisses} were not");
    }

    private void MeasureLatency(RowDefinition row, Candidate[] candidates)
    {
        HttpWorkload workload = WorkloadOf(row);
        try
        {
            foreach (Candidate candidate in candidates)
            {
                Guard(candidate, () =>
                {
                    int port = HttpProbe.FreePort();
                    candidate.Load = candidate.Target.Role == TargetRole.Direct ? OneCallLoad.On(_upstream!, workload) : OneCallLoad.Start(candidate.CommandFor(port), port, placement.Server, workload);
                    Warm(candidate);
                });
            }

            var rounds = new LatencyRounds(candidates, options.Window);
            for (int round = 1; round <= options.RoundsOf(row.Kind); round++)
            {
                rounds.Measure(Guard);
                ReportRound(row, candidates, round);
            }
        }
        finally
        {
            foreach (Candidate candidate in candidates)
                candidate.Load?.Dispose();
        }
    }

    private void Warm(Candidate candidate)
    {
        candidate.WarmUp = WarmUp.UntilSteady(candidate.Load!, options.Window, LeastWarmUp(candidate.Target), options.WarmUpLimit);
        progress(FormattableString.Invariant($"  {candidate.Target.Id}: warm after {candidate.WarmUp.Seconds:0} s{(candidate.WarmUp.IsSteady ? "" : ", but not steady")}"));
    }

    /// <summary>The official SDK reaches its full speed on one core after about 75 s, with plateaus before; the others within ten.</summary>
    private TimeSpan LeastWarmUp(Target target)
    {
        var least = TimeSpan.FromSeconds(target.Role == TargetRole.Official ? 75 : 10);
        return least < options.WarmUpLimit ? least : options.WarmUpLimit;
    }

    private void Rounds(RowDefinition row, Candidate[] candidates, Action<Candidate> measure)
    {
        int rounds = options.RoundsOf(row.Kind);
        for (int round = 1; round <= rounds; round++)
        {
            foreach (Candidate candidate in candidates)
                Guard(candidate, () => measure(candidate));
            ReportRound(row, candidates, round);
        }
    }

    private void ReportRound(RowDefinition row, Candidate[] candidates, int round) =>
        progress($"  round {round} of {options.RoundsOf(row.Kind)}: " + string.Join(", ", candidates.Where(candidate => candidate.Values.Count == round).Select(candidate =>
            FormattableString.Invariant($"{candidate.Target.Id} {candidate.Values[^1]:#,0.#}"))));

    private void MeasureStart(RowDefinition row, Candidate candidate)
    {
        IReadOnlyList<string> command = candidate.CommandFor(0);
        TimeSpan elapsed = StdioConversation.TimeToFirstReply(command, row.Processors == 1 ? placement.Server : placement.Both, row.Era);
        candidate.Values.Add(elapsed.TotalMilliseconds);
    }

    private void MeasureFirst(RowDefinition row, Candidate candidate)
    {
        using ILoad load = StartLoad(row, candidate, isChecked: false);
        candidate.Load = load;
        candidate.Add(load.Run(options.First));
        candidate.Load = null;
    }

    private ILoad StartLoad(RowDefinition row, Candidate candidate, bool isChecked)
    {
        if (row.Kind == RowKind.Stdio)
            return new StdioLoad(candidate.CommandFor(0), placement.Server, row.Era, row.InFlight);
        int port = HttpProbe.FreePort();
        HttpWorkload workload = WorkloadOf(row);
        // A floor's list is as long as ours, but not a list.
        bool canCheck = isChecked && !(row.Kind == RowKind.List && candidate.Target.Role == TargetRole.Floor);
        return new WrkLoad(installation.Wrk!, candidate.CommandFor(port), port, placement.Server, placement.Load, workload, canCheck ? workload.Check : null)
        {
            // Nothing stands behind a floor.
            Upstream = candidate.Target.Role == TargetRole.Floor ? null : _upstream?.ProcessId,
        };
    }

    private void Guard(Candidate candidate, Action action)
    {
        if (candidate.Skipped is not null || candidate.Failed is not null)
            return;
        try
        {
            action();
        }
        catch (Exception exception) when (exception is BenchException or IOException or HttpRequestException or TaskCanceledException)
        {
            candidate.Failed = exception.Message;
            candidate.Load?.Dispose();
            candidate.Load = null;
            progress($"  {candidate.Target.Id}: failed: {exception.Message}");
        }
    }

    private static HttpWorkload WorkloadOf(RowDefinition row) => row.Kind == RowKind.List ? HttpWorkload.List(row.Era, ListedTools) : HttpWorkload.Echo(row.Era);

    private IReadOnlyList<Target> TargetsOf(RowDefinition row, ref string? note)
    {
        if (row.Kind is RowKind.Gateway or RowKind.GatewayLatency)
        {
            note = "all stand before the same `peregrine serve`, which shares the load's core";
            return [.. row.Kind == RowKind.GatewayLatency ? [GatewayTargets.Direct] : Array.Empty<Target>(), .. _gateways.Proxies(row.Era, _upstream?.Port ?? 0)];
        }

        // A floor writes what our server writes, byte for byte but for the id. Without our server it writes what that would look like.
        string? reply = ReplyOfOurs(row);
        if (reply is null)
            note = "Peregrine could not be asked for its reply; the floors write one of about the same length";
        return row.Kind switch
        {
            RowKind.Stdio or RowKind.Start => _catalog.Stdio(row.Era, reply ?? Messages.EchoReplyTemplate(row.Era)),
            RowKind.GatewayCache => [_gateways.Ours(row.Era, _upstream?.Port ?? 0, caches: true), .. _catalog.HttpFloors(reply ?? Messages.EchoReplyTemplate(row.Era))],
            RowKind.List => _catalog.HttpList(row.Era, ListedTools, reply is null ? ListedTools * 180 : System.Text.Encoding.UTF8.GetByteCount(reply)),
            _ => _catalog.HttpEcho(row.Era, reply ?? Messages.EchoReplyTemplate(row.Era)),
        };
    }

    private string? ReplyOfOurs(RowDefinition row)
    {
        RowKind kind = row.Kind switch { RowKind.Start => RowKind.Stdio, RowKind.HttpFirst => RowKind.Http, var other => other };
        if (_replies.TryGetValue((kind, row.Era), out string? known))
            return known;
        Target ours = kind switch
        {
            RowKind.Stdio => _catalog.OursOnStdio,
            RowKind.GatewayCache => _gateways.Ours(row.Era, _upstream?.Port ?? 0, caches: true),
            _ => _catalog.OursOnHttp(kind == RowKind.List ? ListedTools : 0),
        };
        if (ours.Missing is not null || (row.HasUpstream && _upstream is null))
            return null;
        try
        {
            string reply = kind == RowKind.Stdio
                ? StdioConversation.EchoReplyTemplate(ours.Command(0), placement.Server, row.Era)
                : AskOverHttp(ours, WorkloadOf(row), asTemplate: kind != RowKind.List);
            _replies[(kind, row.Era)] = reply;
            return reply;
        }
        catch (Exception exception) when (exception is BenchException or HttpRequestException or TaskCanceledException)
        {
            progress($"  peregrine: {exception.Message}");
            return null;
        }
    }

    private string AskOverHttp(Target ours, HttpWorkload workload, bool asTemplate)
    {
        int port = HttpProbe.FreePort();
        using NativeProcess process = NativeProcess.Start(ours.Command(port), placement.Server);
        HttpProbe.WaitUntilListening(process, port);
        string reply = HttpProbe.Post(port, workload);
        workload.Check(reply);
        return asTemplate ? Replies.ToTemplate(reply, HttpWorkload.RequestId) : reply;
    }
}
