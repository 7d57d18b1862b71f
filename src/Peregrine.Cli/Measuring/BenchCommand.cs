using System.CommandLine;
using Peregrine.Cli.Targets;
using Peregrine.Load.Comparing;

namespace Peregrine.Cli.Measuring;

/// <summary>The command line of `peregrine bench`.</summary>
internal sealed class BenchCommand
{
    private const int MaxRuns = 1000;

    private readonly Argument<string?> _url = new("url") { Arity = ArgumentArity.ZeroOrOne, Description = "The server's URL; or give its command after --." };
    private readonly Option<int> _runs = new("--runs") { Description = "Run this many times; the JSON result is then a list (default: 1).", DefaultValueFactory = static _ => 1 };
    private readonly Option<FileInfo?> _baseline = new("--baseline") { Description = "Compare with this file: earlier results (--out), or with --floor a baseline of ratios (--save-baseline)." };
    private readonly Option<FileInfo?> _saveBaseline = new("--save-baseline") { Description = "With --floor: write the ratios to this file." };
    private readonly Option<string?> _floor = new("--floor") { Description = "Measure this server in turn with the target, and judge the ratio alone: a URL, or a command line in quotes." };
    private readonly Option<string> _metrics = new("--metrics") { Description = "What a baseline is compared in (default: rps,p50).", DefaultValueFactory = static _ => "rps,p50" };
    private readonly Option<double?> _tolerance = new("--tolerance") { Description = "How much worse, in percent, is a regression (default: 7.5 for rps and p50, more for tails)." };
    private readonly WorkloadArguments _workload = new();
    private readonly LoadArguments _load = new();
    private readonly PairArguments _pairs = new();
    private readonly OutputArguments _output = new();

    internal static Command Create(string[] server)
    {
        var bench = new BenchCommand();
        var command = new Command("bench", """
            Measure an MCP server. The exit code is 1 where calls failed, a budget was passed, something became slower, or the generator was the bottleneck.

            Examples:
              peregrine bench http://127.0.0.1:8808/mcp
              peregrine bench --rate 1000 --report page.html http://127.0.0.1:8808/mcp
              peregrine bench --preset mixed --concurrency 8 -- npx -y some-server
              peregrine bench --budget budgets.json --junit bench.xml http://127.0.0.1:8808/mcp
              peregrine bench --floor "./floor --stdio" --save-baseline base.json -- ./server
              peregrine bench --floor "./floor --stdio" --baseline base.json -- ./server
            """) { bench._url };
        bench._workload.AddTo(command);
        bench._load.AddTo(command);
        bench._output.AddTo(command);
        command.Add(bench._runs);
        command.Add(bench._baseline);
        command.Add(bench._floor);
        command.Add(bench._saveBaseline);
        command.Add(bench._metrics);
        command.Add(bench._tolerance);
        bench._pairs.AddTo(command);
        command.Add(ValidateCommand());
        command.Add(OverheadCommand.Create());
        command.SetAction((result, cancellationToken) => bench.RunAsync(result, server, cancellationToken));
        return command;
    }

    internal static async Task<int> RefuseAsync(IReadOnlyList<string> faults)
    {
        foreach (var fault in faults.Distinct())
        {
            await Console.Error.WriteLineAsync($"peregrine: {fault}");
        }

        return ExitCodes.BadUsage;
    }

    private static Command ValidateCommand()
    {
        var file = new Argument<FileInfo>("file") { Description = "A result, as --json prints it." };
        var command = new Command("validate", "Check that a result is whole and says what it must. The exit code is 1 where it does not.") { file };
        command.SetAction((result, cancellationToken) => Bench.ValidateAsync(result.GetValue(file)!, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, string[] server, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        if (Target.TryParse(result.GetValue(_url), server, out var error) is not { } target)
        {
            faults.Add(error);
        }
        else
        {
            var load = _load.ReadTarget(result, target);
            faults.AddRange(load.Validate());
            var options = _load.Read(result, faults);
            var workload = _workload.Read(result, null, faults);
            var output = _output.Read(result, faults);
            var runs = result.GetValue(_runs);
            if (runs is < 1 or > MaxRuns)
            {
                faults.Add($"--runs takes 1 to {MaxRuns}; found {runs}");
            }

            var judging = MetricList.Read(result.GetValue(_metrics)!, result.GetValue(_tolerance), faults);
            var floor = ReadFloor(result, faults);
            if (faults.Count == 0 && floor is null)
            {
                return await Bench.RunAsync(new BenchRequest(load, workload!, options, runs, output, result.GetValue(_baseline)), judging!, cancellationToken);
            }

            if (faults.Count == 0)
            {
                var plan = _pairs.Apply(result, new PairPlan { First = load, Second = floor!, Workload = workload!, Options = options });
                faults.AddRange(plan.Validate());
                if (faults.Count == 0)
                {
                    return await Gate.RunAsync(new GateRequest(plan, result.GetValue(_baseline), result.GetValue(_saveBaseline), output), judging!, cancellationToken);
                }
            }
        }

        return await RefuseAsync(faults);
    }

    private Load.Driving.LoadTarget? ReadFloor(ParseResult result, List<string> faults)
    {
        if (result.GetValue(_floor) is not { } word)
        {
            if (result.GetValue(_saveBaseline) is not null)
            {
                faults.Add("--save-baseline keeps ratios to a floor: give --floor, or keep results with --out");
            }

            return null;
        }

        faults.AddRange(_output.NotWithFloor(result).Concat(_load.NotWithFloor(result)).Append(result.GetResult(_runs) is { Implicit: false } ? _runs.Name : null)
            .OfType<string>().Select(static name => $"{name} goes with single runs: leave it out, or leave out --floor"));
        if (Target.TryParseWord(word, out var error) is not { } target)
        {
            faults.Add($"--floor: {error}");
            return null;
        }

        var floor = new Load.Driving.LoadTarget { Endpoint = target.Endpoint, Command = target.Command };
        faults.AddRange(floor.Validate().Select(static fault => "--floor: " + fault));
        return floor;
    }
}
