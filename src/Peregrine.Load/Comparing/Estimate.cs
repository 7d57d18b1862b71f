namespace Peregrine.Load.Comparing;

/// <summary>A mean and how far it can be trusted, from groups of samples (launches of rounds), all as logarithms.</summary>
/// <param name="Mean">The mean of the groups' means.</param>
/// <param name="Groups">The groups' means.</param>
/// <param name="WithinError">The standard error that the scatter within the groups alone leaves.</param>
/// <param name="WithinFreedom">Degrees of freedom behind it.</param>
public sealed record Estimate(double Mean, IReadOnlyList<double> Groups, double WithinError, int WithinFreedom)
{
    // Rounds in which somebody else used the machine lie far out; they count as the last of those that do not.
    private const double Trimmed = 0.25;

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
        var (between, freedom) = before.Groups.Count > 1 && after.Groups.Count > 1 ? Welch(before, after) : Pooled(before, after);
        return (after.Mean - before.Mean, Widest(within, before.WithinFreedom + after.WithinFreedom, between, freedom));
    }

    /// <summary>The 95 % interval of the mean itself.</summary>
    internal double HalfWidth()
    {
        var freedom = Groups.Count - 1;
        return Widest(WithinError, WithinFreedom, freedom > 0 ? Math.Sqrt(Squares(this) / freedom / Groups.Count) : 0, freedom);
    }

    // Each side's own scatter: a machine that is noisier today than it was when the baseline was made must not look as quiet as that.
    private static (double Error, int Freedom) Welch(Estimate before, Estimate after)
    {
        var (one, other) = (Squares(before) / (before.Groups.Count - 1) / before.Groups.Count, Squares(after) / (after.Groups.Count - 1) / after.Groups.Count);
        var sum = one + other;
        var freedom = sum == 0 ? 1 : sum * sum / ((one * one / (before.Groups.Count - 1)) + (other * other / (after.Groups.Count - 1)));
        return (Math.Sqrt(sum), (int)freedom);
    }

    // One side has a single launch, which shows no scatter: that of the other must do for both.
    private static (double Error, int Freedom) Pooled(Estimate before, Estimate after)
    {
        var freedom = before.Groups.Count + after.Groups.Count - 2;
        var variance = freedom > 0 ? (Squares(before) + Squares(after)) / freedom : 0;
        return (Math.Sqrt(variance * ((1.0 / before.Groups.Count) + (1.0 / after.Groups.Count))), freedom);
    }

    // Of the scatter that is known; where none is, nothing is ruled out.
    private static double Widest(double within, int withinFreedom, double between, int betweenFreedom) => (withinFreedom, betweenFreedom) switch
    {
        ( <= 0, <= 0) => double.PositiveInfinity,
        ( <= 0, _) => between * StudentT.TwoSided95(betweenFreedom),
        (_, <= 0) => within * StudentT.TwoSided95(withinFreedom),
        _ => Math.Max(within * StudentT.TwoSided95(withinFreedom), between * StudentT.TwoSided95(betweenFreedom)),
    };

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
