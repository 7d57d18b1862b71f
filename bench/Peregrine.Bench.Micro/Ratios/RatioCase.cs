namespace Peregrine.Bench.Micro.Ratios;

/// <summary>One workload and those who do it. The first contestant is ours: ratios say how many times as long the others take.</summary>
/// <param name="Name">The workload, for example "envelope text 100 B".</param>
/// <param name="Bytes">Bytes worked on by one operation; 0 where that says nothing.</param>
/// <param name="Contestants">Who does it: ours first.</param>
internal sealed record RatioCase(string Name, int Bytes, IReadOnlyList<Contestant> Contestants);

/// <summary>A way to do the workload once. The result is added up, so that the work cannot be optimised away.</summary>
internal sealed record Contestant(string Name, Func<int> Run);
