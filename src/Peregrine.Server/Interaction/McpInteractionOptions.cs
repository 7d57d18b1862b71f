using Peregrine.Server.Interaction.State;

namespace Peregrine.Server.Interaction;

/// <summary>How calls ask their client. Immutable; change it with <c>with</c>.</summary>
public sealed record McpInteractionOptions
{
    /// <summary>How long a call of the session era waits for an answer; behind it are people. One second to one day.</summary>
    /// <value>10 minutes.</value>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How a call of the stateless era remembers what it was answered.</summary>
    public McpStateOptions State { get; init; } = new();

    internal IEnumerable<string> Validate()
    {
        if (AnswerTimeout < TimeSpan.FromSeconds(1) || AnswerTimeout > TimeSpan.FromDays(1))
        {
            yield return $"{nameof(AnswerTimeout)} is {AnswerTimeout}; it must be from one second to one day.";
        }

        foreach (var fault in State.Validate())
        {
            yield return fault;
        }
    }
}
