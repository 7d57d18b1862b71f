namespace Peregrine.Load.Comparing;

/// <summary>A mean and how far it can be trusted, from groups of samples (launches of rounds), all as logarithms.</summary>
/// <param name="Mean">The mean of the groups' means.</param>
/// <param name="Groups">The groups' means.</param>
/// <param name="WithinError">The standard error that the scatter within the groups alone leaves.</param>
/// <param name="WithinFreedom">Degrees of freedom behind it.</param>
public sealed record Estimate(double Mean, IReadOnlyList<double> Groups, double WithinError, int WithinFreedom)
{
    // Rounds in which somebody else used the machine lie far out; they count as the last of those that do not.
    private const double Trimmed = 0.2;

    /// <summary>Estimates.</summary>
    /// <param name="groups">At least one group of at least one sample.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Estimate Of(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count == 0 || groups.Any(static group => group.Count == 0))
        {
            throw new ArgumentException("There must be a group, and each must have a sample.", nameof(groups));
        }

        var means = new double[groups.Count];
        var error = 0.0;
        var freedom = 0;
        for (var i = 0; i < groups.Count; i++)
        {
            var (mean, squaredError, effective) = TrimmedMean(groups[i]);
            means[i] = mean;
            error += squaredError / (groups.Count * groups.Count);
            freedom += effective - 1;
        }

        return new Estimate(means.Average(), means, Math.Sqrt(error), freedom);
    }

    /// <summary>What changed between two estimates, with a 95 % interval: from the scatter of launches, where there are enough, and never less than from that of the rounds.</summary>
    internal static (double Difference, double HalfWidth) Between(Estimate before, Estimate after)
    {
        var within = Math.Sqrt((before.WithinError * before.WithinError) + (after.WithinError * after.WithinError));
        var half = within * StudentT.TwoSided95(before.WithinFreedom + after.WithinFreedom);
        var freedom = before.Groups.Count + after.Groups.Count - 2;
        if (freedom > 0)
        {
            var variance = (Squares(before) + Squares(after)) / freedom;
            var between = Math.Sqrt(variance * ((1.0 / before.Groups.Count) + (1.0 / after.Groups.Count)));
            half = Math.Max(half, between * StudentT.TwoSided95(freedom));
        }

        return (after.Mean - before.Mean, half);
    }

    /// <summary>The 95 % interval of the mean itself.</summary>
    internal double HalfWidth()
    {
        var half = WithinError * StudentT.TwoSided95(WithinFreedom);
        var freedom = Groups.Count - 1;
        return freedom > 0 ? Math.Max(half, Math.Sqrt(Squares(this) / freedom / Groups.Count) * StudentT.TwoSided95(freedom)) : half;
    }

    private static double Squares(Estimate one) => one.Groups.Sum(mean => (mean - one.Mean) * (mean - one.Mean));

    // Yuen: the error of a trimmed mean from the winsorized variance.
    private static (double Mean, double SquaredError, int Effective) TrimmedMean(IReadOnlyList<double> samples)
    {
        var sorted = samples.Order().ToArray();
        var cut = (int)(sorted.Length * Trimmed);
        var kept = sorted.Length - (2 * cut);
        var mean = sorted.AsSpan(cut, kept).ToArray().Average();
        if (kept < 2)
        {
            return (mean, 0, 1);
        }

        for (var i = 0; i < cut; i++)
        {
            sorted[i] = sorted[cut];
            sorted[^(i + 1)] = sorted[^(cut + 1)];
        }

        var center = sorted.Average();
        var squares = sorted.Sum(value => (value - center) * (value - center));
        return (mean, squares / (kept * (kept - 1.0)), kept);
    }
}
