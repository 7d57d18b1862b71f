namespace Peregrine.Simulation.Network;

/// <summary>How likely what goes wrong with a message.</summary>
internal readonly record struct Faults(double Loss, double Duplication, double Break);
