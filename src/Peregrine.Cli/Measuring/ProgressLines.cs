using System.Globalization;
using Peregrine.Load.Driving;
using Peregrine.Load.Results;

namespace Peregrine.Cli.Measuring;

/// <summary>A line a second on standard error, where that is no terminal.</summary>
internal sealed class ProgressLines : IProgress<LoadProgress>
{
    public void Report(LoadProgress value) => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{(value.IsWarmUp ? "warm-up " : "measured")} {value.Elapsed.TotalSeconds,5:0} s  {value.Second.Succeeded,9:N0}/s  P50 {Durations.Write(value.Second.P50),9}  P99 {Durations.Write(value.Second.P99),9}  errors {value.Errors:N0}"));
}
