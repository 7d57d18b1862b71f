namespace Peregrine.Client.Prompts;

/// <summary>An argument of a prompt.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means, where the server says.</param>
/// <param name="IsRequired">Whether it must be given.</param>
public sealed record RemotePromptArgument(string Name, string? Description, bool IsRequired);
