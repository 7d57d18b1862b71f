using System.CommandLine;
using Peregrine.Load.Comparing;

namespace Peregrine.Cli.Measuring;

/// <summary>The options that say how two servers are measured in turn.</summary>
internal sealed class PairArguments
{
    private readonly Option<int> _launches = new("--launches") { Description = "Start, or connect to, both anew this many times (default: 3).", DefaultValueFactory = static _ => 3 };
    private readonly Option<int> _rounds = new("--rounds") { Description = "Measure each this many times a launch, in turn (default: 8).", DefaultValueFactory = static _ => 8 };
    private readonly Option<double> _window = new("--window") { Description = "Measure for this many seconds each time (default: 1).", DefaultValueFactory = static _ => 1 };

    internal void AddTo(Command command)
    {
        command.Add(_launches);
        command.Add(_rounds);
        command.Add(_window);
    }

    internal PairPlan Apply(ParseResult result, PairPlan plan) =>
        plan with { Launches = result.GetValue(_launches), Rounds = result.GetValue(_rounds), Window = TimeSpan.FromSeconds(Seconds(result.GetValue(_window))) };

    // What is no time at all is refused with the plan.
    private static double Seconds(double given) => double.IsNaN(given) ? 0 : Math.Clamp(given, 0, 1e6);
}
