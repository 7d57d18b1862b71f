namespace Peregrine.Client;

/// <summary>What a server says about itself. For showing to people: anyone can claim any name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Title">Its name for people, where it gives one.</param>
public sealed record ServerInfo(string Name, string Version, string? Title);
