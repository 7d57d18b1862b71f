namespace Peregrine.Server.Completion;

/// <summary>Proposals for an argument, the best first. Immutable.</summary>
public sealed record McpCompletionResult
{
    /// <summary>The most proposals that one answer may have; of more, the first are sent.</summary>
    public const int MaxValues = 100;

    /// <summary>No proposals.</summary>
    public static McpCompletionResult None { get; } = new();

    /// <summary>The proposals: whole values, not the rest of what was written.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>How many there are altogether, where known.</summary>
    public int? Total { get; init; }

    /// <summary>True where there are more than are given; where there are more than <see cref="MaxValues"/> values it is sent anyway.</summary>
    public bool HasMore { get; init; }

    /// <summary>Those of <paramref name="candidates"/> that begin with what was written, whatever the case of their letters.</summary>
    public static McpCompletionResult FromPrefix(IEnumerable<string> candidates, string written)
    {
        string[] values = [.. candidates.Where(candidate => candidate.StartsWith(written, StringComparison.OrdinalIgnoreCase))];
        return new McpCompletionResult { Values = values, Total = values.Length };
    }
}
