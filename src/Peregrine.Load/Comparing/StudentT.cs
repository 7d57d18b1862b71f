namespace Peregrine.Load.Comparing;

/// <summary>Student's distribution.</summary>
internal static class StudentT
{
    // 97.5 %, for 1 to 30 degrees of freedom.
    private static readonly double[] Quantiles =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
        2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>How many standard errors on each side hold 95 %; without any freedom nothing is known.</summary>
    internal static double TwoSided95(int freedom) => freedom switch
    {
        <= 0 => double.PositiveInfinity,
        <= 30 => Quantiles[freedom - 1],
        _ => 1.96 + (2.5 / freedom),
    };
}
