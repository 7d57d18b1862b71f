using System.CommandLine;
using System.Globalization;
using Peregrine.Cli.Targets;
using Peregrine.Load.Driving;
using Peregrine.Load.Workloads;

namespace Peregrine.Cli.Measuring;

/// <summary>The command line of `peregrine bench`.</summary>
internal sealed class BenchCommand
{
    private const int MaxSeconds = 604_800;

    private readonly Argument<string?> _url = new("url") { Arity = ArgumentArity.ZeroOrOne, Description = "The server's URL; or give its command after --." };
    private readonly Option<string?> _preset = new("--preset") { Description = "A workload that comes with the tool (default: echo): " + string.Join(", ", WorkloadPresets.All.Select(static one => one.Name)) + "." };
    private readonly Option<FileInfo?> _workload = new("--workload") { Description = "A file with a workload, instead of a preset." };
    private readonly Option<double?> _rate = new("--rate") { Description = "Begin this many iterations a second by the clock (open loop)." };
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "Have this many users call one after another (closed loop)." };
    private readonly Option<double?> _duration = new("--duration") { Description = "Measure for this many seconds." };
    private readonly Option<string> _warmUp = new("--warm-up") { Description = "Seconds of warm-up, or auto (the default): until three seconds agree.", DefaultValueFactory = static _ => "auto" };
    private readonly Option<int> _workers = new("--workers") { Description = "Threads that make load (default: 1).", DefaultValueFactory = static _ => 1 };
    private readonly Option<string?> _protocol = new("--protocol") { Description = "Speak this revision of MCP, such as 2025-11-25 (default: the newest that the server speaks)." };
    private readonly Option<int?> _pid = new("--pid") { Description = "The process on this machine whose resources are sampled." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };
    private readonly TargetArguments _target = new();

    internal static Command Create(string[] server)
    {
        var bench = new BenchCommand();
        var command = new Command("bench", """
            Measure an MCP server. The exit code is 1 where calls failed or the generator was the bottleneck.

            Examples:
              peregrine bench http://127.0.0.1:8808/mcp
              peregrine bench --rate 1000 --duration 60 --json http://127.0.0.1:8808/mcp
              peregrine bench --preset mixed --concurrency 8 -- npx -y @modelcontextprotocol/server-everything
              peregrine bench validate result.json
            """) { bench._url, bench._preset, bench._workload, bench._rate, bench._concurrency, bench._duration, bench._warmUp, bench._workers, bench._protocol, bench._pid, bench._json };
        bench._target.AddTo(command);
        command.Add(ValidateCommand());
        command.SetAction((result, cancellationToken) => bench.TryRead(result, server, out var faults) is { } request
            ? Bench.RunAsync(request, cancellationToken)
            : RefuseAsync(faults));
        return command;
    }

    private static Command ValidateCommand()
    {
        var file = new Argument<FileInfo>("file") { Description = "A result, as --json prints it." };
        var command = new Command("validate", "Check that a result is whole and says what it must. The exit code is 1 where it does not.") { file };
        command.SetAction((result, cancellationToken) => Bench.ValidateAsync(result.GetValue(file)!, cancellationToken));
        return command;
    }

    private static async Task<int> RefuseAsync(IReadOnlyList<string> faults)
    {
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync($"peregrine: {fault}");
        }

        return ExitCodes.BadUsage;
    }

    private BenchRequest? TryRead(ParseResult result, string[] server, out IReadOnlyList<string> faults)
    {
        var found = new List<string>();
        faults = found;
        if (Target.TryParse(result.GetValue(_url), server, out var error) is not { } target)
        {
            found.Add(error);
            return null;
        }

        var settings = _target.Read(result);
        var workload = ReadWorkload(result, found);
        var load = new LoadTarget { Endpoint = target.Endpoint, Command = target.Command, Headers = settings.Headers };
        var options = new LoadOptions
        {
            CallTimeout = settings.Timeout,
            WarmUp = ReadWarmUp(result.GetValue(_warmUp)!, found),
            Workers = result.GetValue(_workers),
            ProtocolVersion = result.GetValue(_protocol),
            TargetProcess = result.GetValue(_pid),
            OnErrorLine = settings.Verbose ? Console.Error.WriteLine : null,
        };
        found.AddRange([.. load.Validate(), .. options.Validate(), .. workload?.Validate() ?? []]);
        return found.Count == 0 ? new BenchRequest(load, workload!, options, result.GetValue(_json)) : null;
    }

    private static TimeSpan? ReadWarmUp(string text, List<string> faults)
    {
        if (text == "auto")
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 3600)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        faults.Add($"--warm-up takes auto, or 0 to 3600 seconds; found \"{text}\".");
        return null;
    }

    private Workload? ReadWorkload(ParseResult result, List<string> faults)
    {
        var (file, preset) = (result.GetValue(_workload), result.GetValue(_preset));
        if (file is not null && preset is not null)
        {
            faults.Add("give either --workload or --preset, not both");
            return null;
        }

        var workload = file is not null ? ReadFile(file, faults) : WorkloadPresets.Find(preset ?? "echo");
        if (workload is null)
        {
            if (file is null)
            {
                faults.Add($"there is no preset \"{preset}\"; there are {string.Join(", ", WorkloadPresets.All.Select(static one => one.Name))}");
            }

            return null;
        }

        return ChangeStages(result, workload, faults);
    }

    private Workload ChangeStages(ParseResult result, Workload workload, List<string> faults)
    {
        var (rate, concurrency, duration) = (result.GetValue(_rate), result.GetValue(_concurrency), result.GetValue(_duration));
        if (rate is not null && concurrency is not null)
        {
            faults.Add("give either --rate or --concurrency, not both");
        }

        if (duration is not null and not (> 0 and <= MaxSeconds))
        {
            faults.Add($"--duration takes more than 0 and at most {MaxSeconds} seconds");
            return workload;
        }

        if (rate is null && concurrency is null && duration is null)
        {
            return workload;
        }

        // What is given on the command line is one even stage.
        var first = workload.Stages[0];
        var isGiven = rate is not null || concurrency is not null;
        return workload with
        {
            Stages =
            [
                new()
                {
                    Duration = duration is { } seconds ? TimeSpan.FromSeconds(seconds) : workload.Duration,
                    Rate = isGiven ? rate : first.Rate,
                    Concurrency = isGiven ? concurrency : first.Concurrency,
                },
            ],
        };
    }

    private static Workload? ReadFile(FileInfo file, List<string> faults)
    {
        try
        {
            using var stream = file.OpenRead();
            using var memory = new MemoryStream();
            if (stream.Length > WorkloadReader.MaxLength)
            {
                faults.Add($"{file.Name}: has more than {WorkloadReader.MaxLength} bytes");
                return null;
            }

            stream.CopyTo(memory);
            var read = WorkloadReader.Read(memory.ToArray());
            faults.AddRange(read.Faults.Select(fault => $"{file.Name}: {fault}"));
            return read.Workload;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(exception.Message);
            return null;
        }
    }
}
