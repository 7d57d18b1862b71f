namespace Peregrine.Server.Compat.Logging;

/// <summary>How much calls may tell their client with <c>notifications/message</c>. Immutable; change it with <c>with</c>.</summary>
public sealed record McpLogOptions
{
    /// <summary>The most messages of one call; one more says that others were left out. 1 to 1,000,000.</summary>
    /// <value>1,000.</value>
    public int MaxMessagesPerCall { get; init; } = 1000;

    /// <summary>The longest data of a message, in bytes of JSON; longer data is replaced by a text that says so. 256 bytes to 16 MiB.</summary>
    /// <value>64 KiB.</value>
    public int MaxDataBytes { get; init; } = 64 * 1024;

    internal IEnumerable<string> Validate()
    {
        if (MaxMessagesPerCall is < 1 or > 1_000_000)
        {
            yield return $"{nameof(MaxMessagesPerCall)} is {MaxMessagesPerCall}; it must be from 1 to 1000000.";
        }

        if (MaxDataBytes is < 256 or > 16 * 1024 * 1024)
        {
            yield return $"{nameof(MaxDataBytes)} is {MaxDataBytes}; it must be from 256 to {16 * 1024 * 1024}.";
        }
    }
}
