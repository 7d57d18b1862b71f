namespace Peregrine.Bench.Peers.Rows;

/// <summary>A bound on what our server may cost.</summary>
/// <param name="Against">What it is compared with.</param>
/// <param name="Bound">The ratio, or for memory the bytes beyond.</param>
/// <param name="IsMinimum">Whether at least or at most the bound is asked for.</param>
internal sealed record Budget(BudgetReference Against, double Bound, bool IsMinimum)
{
    public static Budget AtLeast(double ratio, BudgetReference against) => new(against, ratio, IsMinimum: true);

    public static Budget AtMost(double ratio, BudgetReference against) => new(against, ratio, IsMinimum: false);

    public bool IsMetBy(double value) => IsMinimum ? value >= Bound : value <= Bound;
}
