namespace Peregrine.Bench.Micro.Ratios;

/// <summary>What was measured of one case.</summary>
internal sealed record RatioResult(string Name, int Bytes, IReadOnlyList<ContestantResult> Contestants);

/// <summary>One contestant's figures.</summary>
/// <param name="Name">Who.</param>
/// <param name="Nanoseconds">Median time of one operation.</param>
/// <param name="AllocatedBytes">Bytes allocated by one operation.</param>
/// <param name="Ratio">Median over the rounds of its time by ours in the same round; 1 for ours.</param>
/// <param name="RatioLow">The lower quartile of that.</param>
/// <param name="RatioHigh">The upper quartile of that.</param>
internal sealed record ContestantResult(string Name, double Nanoseconds, double AllocatedBytes, double Ratio, double RatioLow, double RatioHigh);
