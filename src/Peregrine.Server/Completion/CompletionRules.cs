using Peregrine.Server.Prompts;
using Peregrine.Server.Resources;

namespace Peregrine.Server.Completion;

/// <summary>What must hold of the completers of a server.</summary>
internal static class CompletionRules
{
    internal static IEnumerable<string> Validate(IReadOnlyList<ArgumentCompleter> completers, IReadOnlyList<McpPromptHandler> prompts, IReadOnlyList<McpResourceTemplateHandler> templates)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var completer in completers)
        {
            var what = completer.IsPrompt ? "prompt" : "resource template";
            var arguments = completer.IsPrompt
                ? prompts.FirstOrDefault(prompt => prompt.Definition.Name == completer.Owner)?.Definition.Arguments.Select(static argument => argument.Name)
                : templates.FirstOrDefault(template => template.Definition.UriTemplate == completer.Owner)?.Template?.Variables;
            if (arguments is null || !arguments.Contains(completer.Argument, StringComparer.Ordinal))
            {
                yield return $"There is a completion for \"{completer.Argument}\" of the {what} \"{completer.Owner}\", but {(arguments is null ? $"no such {what}" : "it has no such argument")}.";
            }

            if (!seen.Add($"{what}\n{completer.Owner}\n{completer.Argument}"))
            {
                yield return $"There are two completions for \"{completer.Argument}\" of the {what} \"{completer.Owner}\".";
            }
        }
    }
}
