namespace Peregrine.Server.Prompts;

/// <summary>
/// Marks a method of a class marked <see cref="Tools.McpToolsAttribute"/> as a prompt: its parameters are the prompt's arguments, texts or what is read from one. It returns a text (said by the user), an
/// <see cref="McpPromptMessage"/>, several, or an <see cref="McpPromptResult"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpPromptAttribute : Attribute
{
    /// <summary>The prompt's name; by default the method's name in snake_case, without a final "Async".</summary>
    public string? Name { get; set; }

    /// <summary>A name for people.</summary>
    public string? Title { get; set; }

    /// <summary>True where the method blocks its thread.</summary>
    public bool Blocking { get; set; }
}
