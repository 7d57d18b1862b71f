namespace Peregrine.Server.Interaction.Forms;

/// <summary>One of the values that a form offers.</summary>
/// <param name="Value">What the tool gets.</param>
/// <param name="Title">What the user sees.</param>
public readonly record struct McpFormChoice(string Value, string Title);
