namespace Peregrine.Server.Interaction.State;

/// <summary>How the state of a call that waits for answers is sealed (stateless era). Immutable; change it with <c>with</c>.</summary>
public sealed record McpStateOptions
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>
    /// The key. Servers that answer for each other, such as the nodes behind a balancer, share it. 32 random bytes; keep them secret: who has them can make a tool believe that a step was done.
    /// </summary>
    /// <value>Empty: a random key, so that only this server opens what it sealed.</value>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>The key used before <see cref="Key"/>: what was sealed with it can still be opened. Empty where there was none. 32 bytes.</summary>
    public ReadOnlyMemory<byte> PreviousKey { get; init; }

    /// <summary>How long a client may take to answer. One second to one day.</summary>
    /// <value>10 minutes.</value>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Never says what the keys are.</summary>
    public override string ToString() => $"{nameof(McpStateOptions)} {{ {nameof(Lifetime)} = {Lifetime} }}";

    internal IEnumerable<string> Validate()
    {
        if (Key.Length is not (0 or KeyBytes))
        {
            yield return $"{nameof(Key)} of the request state has {Key.Length} bytes; it must have {KeyBytes}, or none for a random one.";
        }

        if (PreviousKey.Length is not (0 or KeyBytes))
        {
            yield return $"{nameof(PreviousKey)} of the request state has {PreviousKey.Length} bytes; it must have {KeyBytes}, or none.";
        }

        if (Lifetime < TimeSpan.FromSeconds(1) || Lifetime > TimeSpan.FromDays(1))
        {
            yield return $"{nameof(Lifetime)} of the request state is {Lifetime}; it must be from one second to one day.";
        }
    }
}
