namespace Peregrine.Gateway.Policies;

/// <summary>Settings of the tools and prompts of some names, or of the resources of some URIs. Immutable.</summary>
/// <param name="Pattern">The name that clients use, or the URI; a star at the end stands for anything.</param>
/// <param name="Settings">What holds for them.</param>
public sealed record PolicyPattern(string Pattern, PolicySettings Settings);
