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
            var hasArgument = completer.IsPrompt ? HasArgument(prompts, completer) : HasVariable(templates, completer);
            if (hasArgument != true)
            {
                yield return $"There is a completion for \"{completer.Argument}\" of the {what} \"{completer.Owner}\", but {(hasArgument is null ? $"no such {what}" : "it has no such argument")}.";
            }

            if (!seen.Add(string.Concat(what, "\n" + completer.Owner, "\n" + completer.Argument)))
            {
                yield return $"There are two completions for \"{completer.Argument}\" of the {what} \"{completer.Owner}\".";
            }
        }
    }

    // Null where there is no such prompt.
    private static bool? HasArgument(IReadOnlyList<McpPromptHandler> prompts, ArgumentCompleter completer)
    {
        foreach (var prompt in prompts)
        {
            if (prompt.Definition.Name == completer.Owner)
            {
                foreach (var argument in prompt.Definition.Arguments)
                {
                    if (argument.Name == completer.Argument)
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        return null;
    }

    // Null where there is no such template.
    private static bool? HasVariable(IReadOnlyList<McpResourceTemplateHandler> templates, ArgumentCompleter completer)
    {
        foreach (var template in templates)
        {
            if (template.Definition.UriTemplate == completer.Owner)
            {
                return template.Template is null ? null : Array.IndexOf(template.Template.Variables, completer.Argument) >= 0;
            }
        }

        return null;
    }
}
