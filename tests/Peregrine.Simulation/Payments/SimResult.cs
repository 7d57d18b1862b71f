namespace Peregrine.Simulation.Payments;

/// <summary>What a seed has shown.</summary>
/// <param name="Violation">What went wrong; null where nothing did.</param>
/// <param name="Trace">Stands for all that happened.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Kills">How often the server was killed.</param>
/// <param name="Unknown">How many calls have an unknown outcome.</param>
internal sealed record SimResult(string? Violation, ulong Trace, int Steps, int Kills, int Unknown);
