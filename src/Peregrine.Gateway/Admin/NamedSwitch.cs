namespace Peregrine.Gateway.Admin;

/// <summary>A switch at one time. Immutable.</summary>
/// <param name="Name">Its name, unique in a gateway.</param>
/// <param name="Description">What it turns on or off, one sentence.</param>
/// <param name="Percent">For how many of a hundred calls it is on.</param>
internal sealed record NamedSwitch(string Name, string Description, int Percent);
