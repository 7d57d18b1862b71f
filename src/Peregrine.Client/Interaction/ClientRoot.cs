namespace Peregrine.Client.Interaction;

/// <summary>A folder that servers may work in.</summary>
/// <param name="Uri">Where it is: a file URI.</param>
/// <param name="Name">Its name for people, where it has one.</param>
public sealed record ClientRoot(string Uri, string? Name = null);
