namespace Peregrine.Server.Prompts;

/// <summary>What must hold of the prompts of a server.</summary>
internal static class PromptRules
{
    private const int MaxNameLength = 256;

    internal static IEnumerable<string> Validate(IReadOnlyList<McpPromptHandler> prompts)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var prompt in prompts.Select(static prompt => prompt.Definition))
        {
            if (prompt.Name.Length is 0 or > MaxNameLength || prompt.Name.Any(char.IsControl))
            {
                yield return $"The prompt name \"{prompt.Name}\" must be 1 to {MaxNameLength} characters, none of them a control character.";
            }

            if (!seen.Add(prompt.Name))
            {
                yield return $"Two prompts are named \"{prompt.Name}\".";
            }

            foreach (var group in prompt.Arguments.GroupBy(static argument => argument.Name, StringComparer.Ordinal).Where(static group => group.Key.Length == 0 || group.Count() > 1))
            {
                yield return group.Key.Length == 0
                    ? $"An argument of the prompt \"{prompt.Name}\" has no name."
                    : $"Two arguments of the prompt \"{prompt.Name}\" are named \"{group.Key}\".";
            }
        }
    }
}
