using System.CommandLine;
using Peregrine.Load.Workloads;

namespace Peregrine.Cli.Measuring;

/// <summary>The options that say what load to make.</summary>
internal sealed class WorkloadArguments(string? defaultNote = null)
{
    private const int MaxSeconds = 604_800;

    private readonly Option<string?> _preset = new("--preset") { Description = "A workload that comes with the tool (default: echo): " + string.Join(", ", WorkloadPresets.All.Select(static one => one.Name)) + "." };
    private readonly Option<FileInfo?> _workload = new("--workload") { Description = "A file with a workload, instead of a preset." };
    private readonly Option<double?> _rate = new("--rate") { Description = "Begin this many iterations a second by the clock (open loop)." };
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "Have this many users call one after another (closed loop)." + defaultNote };
    private readonly Option<double?> _duration = new("--duration") { Description = "Measure for this many seconds." };

    internal void AddTo(Command command, bool hasDuration = true)
    {
        command.Add(_preset);
        command.Add(_workload);
        command.Add(_rate);
        command.Add(_concurrency);
        if (hasDuration)
        {
            command.Add(_duration);
        }
    }

    /// <summary>Reads them; what is wrong goes to <paramref name="faults"/>.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="defaultConcurrency">Users where neither a rate, nor users, nor a workload is asked for; null for the preset's.</param>
    /// <param name="faults">Takes what is wrong.</param>
    internal Workload? Read(ParseResult result, int? defaultConcurrency, List<string> faults)
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

        var isPlain = file is null && preset is null;
        var read = ChangeStages(result, workload, isPlain ? defaultConcurrency : null, faults);
        faults.AddRange(read.Validate());
        return read;
    }

    private static Workload? ReadFile(FileInfo file, List<string> faults)
    {
        if (Files.TryRead(file, WorkloadReader.MaxLength, out var error) is not { } bytes)
        {
            faults.Add(error);
            return null;
        }

        var read = WorkloadReader.Read(bytes);
        faults.AddRange(read.Faults.Select(fault => $"{file.Name}: {fault}"));
        return read.Workload;
    }

    private Workload ChangeStages(ParseResult result, Workload workload, int? defaultConcurrency, List<string> faults)
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

        concurrency ??= rate is null ? defaultConcurrency : null;
        if (rate is null && concurrency is null && duration is null)
        {
            return workload;
        }

        // What is given on the command line is one even stage.
        var first = workload.Stages.First(static stage => stage.Rate > 0 || stage.Concurrency > 0);
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
}
