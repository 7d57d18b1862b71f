namespace Peregrine.Simulation.Payments;

/// <summary>What payments have done to the world; it outlives every process.</summary>
internal sealed class Bank
{
    private readonly Dictionary<string, int> _paid = new(StringComparer.Ordinal);

    internal int Runs { get; private set; }

    internal int Of(string order) => _paid.GetValueOrDefault(order);

    internal int Pay(string order)
    {
        _paid[order] = Of(order) + 1;
        return ++Runs;
    }
}
