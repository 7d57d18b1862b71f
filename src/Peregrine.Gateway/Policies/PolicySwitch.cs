namespace Peregrine.Gateway.Policies;

/// <summary>A switch of a policy as it stands now. A value.</summary>
/// <param name="Name">Its name: <c>servers.NAME.KIND</c> or <c>tools.PATTERN.KIND</c>.</param>
/// <param name="Description">What it turns on and off, one sentence for people.</param>
/// <param name="Percent">For how many of a hundred calls it is on: 0 is off, 100 is on.</param>
internal readonly record struct PolicySwitch(string Name, string Description, int Percent);
