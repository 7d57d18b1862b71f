namespace Peregrine.Server.Prompts;

/// <summary>What must hold of the prompts of a server.</summary>
internal static class PromptRules
{
    private const int MaxNameLength = 256;

    internal static IEnumerable<string> Validate(IReadOnlyList<McpPromptHandler> prompts)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var handler in prompts)
        {
            var prompt = handler.Definition;
            if (prompt.Name.Length is 0 or > MaxNameLength || HasControls(prompt.Name))
            {
                yield return $"The prompt name \"{prompt.Name}\" must be 1 to {MaxNameLength} characters, none of them a control character.";
            }

            if (!seen.Add(prompt.Name))
            {
                yield return $"Two prompts are named \"{prompt.Name}\".";
            }

            HashSet<string> names = new(StringComparer.Ordinal);
            foreach (var argument in prompt.Arguments)
            {
                if (argument.Name.Length == 0)
                {
                    yield return $"An argument of the prompt \"{prompt.Name}\" has no name.";
                }
                else if (!names.Add(argument.Name))
                {
                    yield return $"Two arguments of the prompt \"{prompt.Name}\" are named \"{argument.Name}\".";
                }
            }
        }
    }

    private static bool HasControls(string name)
    {
        foreach (var c in name)
        {
            if (char.IsControl(c))
            {
                return true;
            }
        }

        return false;
    }
}
