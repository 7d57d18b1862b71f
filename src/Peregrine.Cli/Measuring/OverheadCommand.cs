using System.CommandLine;
using Peregrine.Cli.Targets;
using Peregrine.Load.Comparing;
using Peregrine.Load.Driving;

namespace Peregrine.Cli.Measuring;

/// <summary>The command line of `peregrine bench overhead`.</summary>
internal sealed class OverheadCommand
{
    private readonly Argument<string> _direct = new("direct") { Description = "The server itself: a URL, or a command line in quotes." };
    private readonly Argument<string> _via = new("via") { Description = "The same server through what is measured, such as a gateway." };
    private readonly WorkloadArguments _workload = new(" Default here: 1.");
    private readonly LoadArguments _load = new();
    private readonly PairArguments _pairs = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print the rounds as JSON." };
    private readonly Option<FileInfo?> _out = new("--out") { Description = "Write the rounds as JSON to this file." };

    internal static Command Create()
    {
        var overhead = new OverheadCommand();
        var command = new Command("overhead", """
            Measure what a gateway or proxy adds: the same calls directly and through it in turn, A B B A, and the differences within the rounds with 95 % confidence intervals.

            Examples:
              peregrine bench overhead http://127.0.0.1:3000/mcp http://127.0.0.1:8808/mcp
              peregrine bench overhead ./server "peregrine up --stdio --config c.json"
            """) { overhead._direct, overhead._via };
        overhead._workload.AddTo(command, hasDuration: false);
        overhead._load.AddTo(command, hasPid: false);
        overhead._pairs.AddTo(command);
        command.Add(overhead._json);
        command.Add(overhead._out);
        command.SetAction(overhead.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var (direct, via) = (ReadTarget(result, _direct, "DIRECT", faults), ReadTarget(result, _via, "VIA", faults));
        var options = _load.Read(result, faults);
        var workload = _workload.Read(result, 1, faults);
        if (faults.Count == 0)
        {
            var plan = _pairs.Apply(result, new PairPlan { First = via!, Second = direct!, Workload = workload!, Options = options });
            faults.AddRange(plan.Validate());
            if (faults.Count == 0)
            {
                return await Overhead.RunAsync(plan, result.GetValue(_json), result.GetValue(_out), cancellationToken);
            }
        }

        return await BenchCommand.RefuseAsync(faults);
    }

    private LoadTarget? ReadTarget(ParseResult result, Argument<string> argument, string name, List<string> faults)
    {
        if (Target.TryParseWord(result.GetValue(argument)!, out var error) is not { } target)
        {
            faults.Add($"{name}: {error}");
            return null;
        }

        var load = _load.ReadTarget(result, target);
        faults.AddRange(load.Validate().Select(fault => $"{name}: {fault}"));
        return load;
    }
}
