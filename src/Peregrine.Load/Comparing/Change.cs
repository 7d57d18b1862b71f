using System.Globalization;
using Peregrine.Load.Judging;

namespace Peregrine.Load.Comparing;

/// <summary>How a figure has changed, with its 95 % confidence interval. Of a ratio, 1 is no change.</summary>
/// <param name="Metric">The figure.</param>
/// <param name="Ratio">After over before.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Tolerance">What counts as a change, as a share.</param>
public sealed record Change(Metric Metric, double Ratio, double Low, double High, double Tolerance)
{
    // What must be ruled out before anything is called fine: twice the tolerance, so that the tolerance itself lies in the middle between nothing and that.
    private const double Clear = 2;

    /// <summary>
    /// Over where it is worse by more than the tolerance and the interval does not hold "unchanged"; unclear where it is not, but the interval still holds twice the tolerance; else fine.
    /// </summary>
    public Verdict Verdict
    {
        get
        {
            var (cost, low, high) = Costs();
            return cost > Math.Log(1 + Tolerance) && low > 0 ? Verdict.Over
                : high > Math.Log(1 + (Clear * Tolerance)) ? Verdict.Unclear
                : Verdict.Ok;
        }
    }

    /// <summary>True where it is better for sure, whatever the tolerance.</summary>
    public bool IsBetter => Costs().High < 0;

    /// <summary>The change as a check.</summary>
    public Check ToCheck() => new(Metric.Name, Verdict, ToString());

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Percent(Ratio)} ({Percent(Low)} to {Percent(High)}), {(Metric.IsMoreBetter ? "less" : "more")} than {(Metric.IsMoreBetter ? (1 / (1 + Tolerance)) - 1 : Tolerance):+0.#%;-0.#%} is over");

    private static string Percent(double ratio) => (ratio - 1).ToString("+0.0%;-0.0%;0.0%", CultureInfo.InvariantCulture);

    // Logarithms, positive where it became worse.
    private (double Cost, double Low, double High) Costs() => Metric.IsMoreBetter
        ? (-Math.Log(Ratio), -Math.Log(High), -Math.Log(Low))
        : (Math.Log(Ratio), Math.Log(Low), Math.Log(High));
}
