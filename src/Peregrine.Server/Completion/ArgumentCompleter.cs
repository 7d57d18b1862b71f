namespace Peregrine.Server.Completion;

/// <summary>What completes one argument of a prompt, or one variable of a template.</summary>
/// <param name="IsPrompt">True for an argument of a prompt.</param>
/// <param name="Owner">The prompt's name, or the template as it is written.</param>
/// <param name="Argument">The argument's or variable's name.</param>
/// <param name="Complete">Gives the proposals.</param>
internal sealed record ArgumentCompleter(bool IsPrompt, string Owner, string Argument, Func<McpCompletionRequest, CancellationToken, ValueTask<McpCompletionResult>> Complete);
