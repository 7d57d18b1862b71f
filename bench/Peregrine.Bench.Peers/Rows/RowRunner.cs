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
    private readonly Dictionary<(RowKind, Era), string> _replies = [];

    public RowResult Run(RowDefinition row)
    {
        progress($"{row.Id}: {row.Title}");
        string? note = null;
        Candidate[] candidates = [.. TargetsOf(row, ref note).Where(target => options.Includes(target.Id)).Select(target => new Candidate(target, installation.Root))];
        string? impossible = row switch
        {
            { Kind: RowKind.Start, Processors: 2 } when !placement.HasTwo => "needs two cores",
            { Kind: RowKind.Http or RowKind.HttpFirst or RowKind.List } when installation.Wrk is null => "wrk is not on the PATH (Debian package wrk)",
            _ => null,
        };
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
                    candidate.WarmUp = WarmUp.UntilSteady(candidate.Load, options.Window, LeastWarmUp(candidate.Target), options.WarmUpLimit);
                    progress(FormattableString.Invariant($"  {candidate.Target.Id}: warm after {candidate.WarmUp.Seconds:0} s{(candidate.WarmUp.IsSteady ? "" : ", but not steady")}"));
                });
            }

            Rounds(row, candidates, candidate =>
            {
                candidate.Load!.Run(s_settle);
                candidate.Add(candidate.Load.Run(options.Window));
            });
        }
        finally
        {
            foreach (Candidate candidate in candidates)
                candidate.Load?.Dispose();
        }
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
            progress($"  round {round} of {rounds}: " + string.Join(", ", candidates.Where(candidate => candidate.Values.Count == round).Select(candidate =>
                FormattableString.Invariant($"{candidate.Target.Id} {candidate.Values[^1]:#,0.#}"))));
        }
    }

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
        return new WrkLoad(installation.Wrk!, candidate.CommandFor(port), port, placement.Server, placement.Load, workload, canCheck ? workload.Check : null);
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
        // A floor writes what our server writes, byte for byte but for the id. Without our server it writes what that would look like.
        string? reply = ReplyOfOurs(row);
        if (reply is null)
            note = "Peregrine could not be asked for its reply; the floors write one of about the same length";
        return row.Kind switch
        {
            RowKind.Stdio or RowKind.Start => _catalog.Stdio(row.Era, reply ?? Messages.EchoReplyTemplate(row.Era)),
            RowKind.List => _catalog.HttpList(row.Era, ListedTools, reply is null ? ListedTools * 180 : System.Text.Encoding.UTF8.GetByteCount(reply)),
            _ => _catalog.HttpEcho(row.Era, reply ?? Messages.EchoReplyTemplate(row.Era)),
        };
    }

    private string? ReplyOfOurs(RowDefinition row)
    {
        RowKind kind = row.Kind switch { RowKind.Start => RowKind.Stdio, RowKind.HttpFirst => RowKind.Http, var other => other };
        if (_replies.TryGetValue((kind, row.Era), out string? known))
            return known;
        Target ours = kind == RowKind.Stdio ? _catalog.OursOnStdio : _catalog.OursOnHttp(kind == RowKind.List ? ListedTools : 0);
        if (ours.Missing is not null)
            return null;
        try
        {
            string reply = kind == RowKind.Stdio
                ? StdioConversation.EchoReplyTemplate(ours.Command(0), placement.Server, row.Era)
                : AskOverHttp(ours, WorkloadOf(row), asTemplate: kind == RowKind.Http);
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
