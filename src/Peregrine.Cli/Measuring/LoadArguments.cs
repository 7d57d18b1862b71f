using System.CommandLine;
using System.Globalization;
using Peregrine.Cli.Targets;
using Peregrine.Load.Driving;

namespace Peregrine.Cli.Measuring;

/// <summary>The options that say how load is made.</summary>
internal sealed class LoadArguments
{
    private readonly Option<string?> _warmUp = new("--warm-up") { Description = "Seconds of warm-up, or auto (the default): until three seconds agree." };
    private readonly Option<int> _workers = new("--workers") { Description = "Threads that make load (default: 1).", DefaultValueFactory = static _ => 1 };
    private readonly Option<string?> _protocol = new("--protocol") { Description = "Speak this revision of MCP, such as 2025-11-25 (default: the newest that the server speaks)." };
    private readonly Option<int?> _pid = new("--pid") { Description = "The process on this machine whose resources are sampled." };
    private readonly TargetArguments _target = new();

    internal void AddTo(Command command, bool hasPid = true)
    {
        command.Add(_warmUp);
        command.Add(_workers);
        command.Add(_protocol);
        if (hasPid)
        {
            command.Add(_pid);
        }

        _target.AddTo(command);
    }

    /// <summary>Reads them; what is wrong goes to <paramref name="faults"/>.</summary>
    internal LoadOptions Read(ParseResult result, List<string> faults)
    {
        var settings = _target.Read(result);
        var options = new LoadOptions
        {
            CallTimeout = settings.Timeout,
            WarmUp = ReadWarmUp(result.GetValue(_warmUp) ?? "auto", faults),
            Workers = result.GetValue(_workers),
            ProtocolVersion = result.GetValue(_protocol),
            TargetProcess = result.GetValue(_pid),
            OnErrorLine = settings.Verbose ? Console.Error.WriteLine : null,
        };
        faults.AddRange(options.Validate());
        return options;
    }

    /// <summary>Options that were given and mean nothing where two servers are measured.</summary>
    internal IEnumerable<string> NotWithFloor(ParseResult result) => result.GetResult(_pid) is { Implicit: false } ? [_pid.Name] : [];

    /// <summary>A target as the generator takes it.</summary>
    internal LoadTarget ReadTarget(ParseResult result, Target target) =>
        new() { Endpoint = target.Endpoint, Command = target.Command, Headers = target.Endpoint is null ? [] : _target.Read(result).Headers };

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
}
