using Peregrine.Server.Completion;
using Peregrine.Server.Injection;
using Peregrine.Server.Prompts;
using Peregrine.Server.Registry;
using Peregrine.Server.Tools;

namespace Peregrine.Server;

// Prompts.
public sealed partial class PeregrineServerBuilder
{
    private readonly List<McpPromptHandler> _prompts = [];

    /// <summary>Adds a prompt.</summary>
    /// <param name="definition">What the prompt is.</param>
    /// <param name="get">Writes its messages; called from many threads at once.</param>
    public PeregrineServerBuilder AddPrompt(McpPromptDefinition definition, Func<McpPromptArguments, McpCall, ValueTask<McpPromptResult>> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        return AddPrompt(new DelegatePrompt(definition, get));
    }

    /// <summary>Adds a prompt that needs nothing but its arguments.</summary>
    /// <param name="definition">What the prompt is.</param>
    /// <param name="get">Writes its messages; called from many threads at once.</param>
    public PeregrineServerBuilder AddPrompt(McpPromptDefinition definition, Func<McpPromptArguments, McpPromptResult> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        return AddPrompt(new DelegatePrompt(definition, (arguments, _) => new ValueTask<McpPromptResult>(get(arguments))));
    }

    /// <summary>Adds a prompt written by hand.</summary>
    public PeregrineServerBuilder AddPrompt(McpPromptHandler prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        _prompts.Add(prompt);
        return this;
    }

    /// <summary>Adds proposals for an argument of a prompt.</summary>
    /// <param name="prompt">The prompt's name.</param>
    /// <param name="argument">The argument's name.</param>
    /// <param name="complete">Gives the proposals; called from many threads at once.</param>
    public PeregrineServerBuilder AddPromptCompletion(string prompt, string argument, Func<McpCompletionRequest, CancellationToken, ValueTask<McpCompletionResult>> complete)
    {
        ArgumentNullException.ThrowIfNull(complete);
        _completers.Add(new ArgumentCompleter(true, prompt, argument, complete));
        return this;
    }

    private RegistryContents AddPrompts(RegistryContents contents, ServerServices services, List<string> faults)
    {
        List<McpPromptHandler> prompts = new(_prompts);
        prompts.AddRange(services.Prompts);
        faults.AddRange(PromptRules.Validate(prompts));
        faults.AddRange(CompletionRules.Validate(_completers, prompts, contents.ResourceTemplates));
        return contents with { Prompts = [.. prompts], Completers = [.. _completers] };
    }
}
