namespace Peregrine.Bench.Micro.Ratios;

/// <summary>One workload and those who do it. The first contestant is ours: ratios say how many times as long the others take.</summary>
/// <param name="Name">The workload, for example "envelope text 100 B".</param>
/// <param name="Bytes">Bytes worked on by one operation; 0 where that says nothing.</param>
/// <param name="Contestants">Who does it: ours first.</param>
internal sealed record RatioCase(string Name, int Bytes, IReadOnlyList<Contestant> Contestants)
{
    /// <summary>Further contestants that are made when the case is run, such as other processes.</summary>
    public Func<IReadOnlyList<Contestant>>? Others { get; init; }

    /// <summary>True where each contestant is run until it is as fast as it gets, which takes minutes: for code so large, or so asynchronous, that the compiler takes its time with it.</summary>
    public bool WarmsUntilSteady { get; init; }

    /// <summary>The case with all its contestants.</summary>
    public RatioCase Complete() => Others is null ? this : this with { Contestants = [.. Contestants, .. Others()], Others = null };
}

/// <summary>A way to do the workload once. The result is added up, so that the work cannot be optimised away.</summary>
/// <param name="Name">Who.</param>
/// <param name="Run">Does it once.</param>
/// <param name="Timed">Does it as often as is said, and gives the ticks it took: for who runs in another process. What it allocates there is not known.</param>
internal sealed record Contestant(string Name, Func<int> Run, Func<int, long>? Timed = null);
