namespace Peregrine.Server.Prompts;

/// <summary>The arguments of one call of a prompt: those that the prompt requires are there. Immutable.</summary>
public sealed class McpPromptArguments
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> _values;

    internal McpPromptArguments(IReadOnlyList<KeyValuePair<string, string>> values) => _values = values;

    /// <summary>The value of an argument; null where the caller left it out.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (known, value) in _values)
            {
                if (known == name)
                {
                    return value;
                }
            }

            return null;
        }
    }
}
