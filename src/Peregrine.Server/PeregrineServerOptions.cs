using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Interaction;

namespace Peregrine.Server;

/// <summary>How a server behaves. Immutable; change it with <c>with</c>. Validated whole when the server is built.</summary>
public sealed record PeregrineServerOptions
{
    /// <summary>The defaults.</summary>
    public static PeregrineServerOptions Default { get; } = new();

    /// <summary>A name for people.</summary>
    public string? Title { get; init; }

    /// <summary>How to use the server, for the model.</summary>
    public string? Instructions { get; init; }

    /// <summary>How long a client may keep lists and <c>server/discover</c> (stateless era). Zero or more.</summary>
    /// <value>One minute.</value>
    public TimeSpan ListTimeToLive { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many calls of blocking tools may run at once, each on a thread of its own. 1 to 1,024.</summary>
    /// <value>128.</value>
    public int MaxBlockingCalls { get; init; } = 128;

    /// <summary>
    /// A tool whose synchronous part once held a shared worker for this long runs in the blocking lane from then on. More than zero.
    /// </summary>
    /// <value>50 milliseconds.</value>
    public TimeSpan BlockingThreshold { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How calls ask their client.</summary>
    public McpInteractionOptions Interaction { get; init; } = new();

    /// <summary>How much calls may tell their client of what they do.</summary>
    public McpLogOptions Logging { get; init; } = new();

    /// <summary>Where time comes from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (ListTimeToLive < TimeSpan.Zero)
        {
            faults.Add($"{nameof(ListTimeToLive)} is {ListTimeToLive}; it must be zero or more.");
        }

        if (MaxBlockingCalls is < 1 or > 1024)
        {
            faults.Add($"{nameof(MaxBlockingCalls)} is {MaxBlockingCalls}; it must be from 1 to 1024.");
        }

        if (BlockingThreshold <= TimeSpan.Zero)
        {
            faults.Add($"{nameof(BlockingThreshold)} is {BlockingThreshold}; it must be more than zero.");
        }

        faults.AddRange(Interaction.Validate());
        faults.AddRange(Logging.Validate());
        return faults;
    }
}
