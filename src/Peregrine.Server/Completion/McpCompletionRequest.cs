namespace Peregrine.Server.Completion;

/// <summary>Which argument is to be completed. Immutable.</summary>
public sealed class McpCompletionRequest
{
    internal McpCompletionRequest(string argument, string value, IReadOnlyDictionary<string, string> context)
    {
        Argument = argument;
        Value = value;
        Context = context;
    }

    /// <summary>The argument's name.</summary>
    public string Argument { get; }

    /// <summary>What the person has written of it so far; may be empty.</summary>
    public string Value { get; }

    /// <summary>The arguments that are known already (2025-06-18 and later); empty where the client does not say.</summary>
    public IReadOnlyDictionary<string, string> Context { get; }
}
