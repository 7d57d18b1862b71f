using Peregrine.Execution.Caching;
using Peregrine.Execution.Instruments;
using Peregrine.Execution.Memory;
using Peregrine.Execution.Scheduling;
using Peregrine.Server.Caching;
using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Features;
using Peregrine.Server.Interaction;
using Peregrine.Server.Once;
using Peregrine.Server.Subscriptions;
using Peregrine.Server.Validation;
using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

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

    /// <summary>How many items one page of a list has: tools, prompts, resources, templates. A client follows <c>nextCursor</c> to the others. 1 to 10,000.</summary>
    /// <value>1,000: nearly every list is one page, and a page of 1,000 tools is a message of some hundred kilobytes.</value>
    public int ListPageSize { get; init; } = 1000;

    /// <summary>
    /// The key that authenticates the cursors of lists: 16 to 64 bytes, kept secret. Processes that stand behind one balancer and offer the same need the same key, so that each takes the
    /// others' cursors.
    /// </summary>
    /// <value>Empty: a random key, whose cursors end with the process.</value>
    public ReadOnlyMemory<byte> ListCursorKey { get; init; }

    /// <summary>The longest URI that <c>resources/read</c> looks up, in bytes; a longer one is refused. 256 to 65,536.</summary>
    /// <value>8,192.</value>
    public int MaxResourceUriBytes { get; init; } = 8192;

    /// <summary>How many calls of blocking tools may run at once, each on a thread of its own. 1 to 1,024.</summary>
    /// <value>128.</value>
    public int MaxBlockingCalls { get; init; } = 128;

    /// <summary>
    /// A tool whose synchronous part once held a shared worker for this long runs in the blocking lane from then on. More than zero.
    /// </summary>
    /// <value>50 milliseconds.</value>
    public TimeSpan BlockingThreshold { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How many bytes a result whose items come one after the other may have where its reply is one piece, as on stdio; a longer one is refused. 1,024 to 1,073,741,824.
    /// </summary>
    /// <value>4 MiB.</value>
    public int MaxBufferedResultBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many tools the server may have, with those that are added while it runs. 0 to 1,000,000.</summary>
    /// <value>10,000.</value>
    public int MaxTools { get; init; } = 10_000;

    /// <summary>Limits and timing of subscriptions and notifications of changes.</summary>
    /// <value><see cref="SubscriptionOptions.Default"/>.</value>
    public SubscriptionOptions Subscriptions { get; init; } = SubscriptionOptions.Default;

    /// <summary>
    /// Says of a URI whether clients may subscribe to updates of it, beyond the resources that are registered. Called from many threads; must be quick and must not throw.
    /// </summary>
    /// <value>Null: registered resources only.</value>
    public Func<string, bool>? CanSubscribe { get; init; }

    /// <summary>
    /// Extensions that the server supports: a raw JSON object with the settings of each, by its identifier, such as <c>"com.example/feature"</c> and <c>"{}"</c>. They appear under
    /// <c>extensions</c> in the capabilities.
    /// </summary>
    /// <value>Empty.</value>
    public IReadOnlyDictionary<string, string> Extensions { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>How calls ask their client.</summary>
    public McpInteractionOptions Interaction { get; init; } = new();

    /// <summary>How much calls may tell their client of what they do.</summary>
    public McpLogOptions Logging { get; init; } = new();

    /// <summary>
    /// How System.Text.Json reads and writes the types of arguments and results that the generator leaves to it, ahead of the context in which the program declares them; set by <c>WithJson</c>.
    /// </summary>
    /// <value>Null: the declaring context.</value>
    public JsonSerializerContext? Json { get; init; }

    /// <summary>How many calls run at once, how many wait, and how long they may take.</summary>
    /// <value><see cref="SchedulingOptions.Default"/>: no limits.</value>
    public SchedulingOptions Scheduling { get; init; } = SchedulingOptions.Default;

    /// <summary>How much the result cache keeps.</summary>
    /// <value><see cref="CacheOptions.Default"/>: 64 MiB, of which nothing is taken before a tool or resource has a cache duration.</value>
    public CacheOptions Cache { get; init; } = CacheOptions.Default;

    /// <summary>Calls whose results <see cref="PeregrineServer.WarmUpCacheAsync"/> makes.</summary>
    /// <value>None.</value>
    public IReadOnlyList<McpCachedCall> CacheWarmUp { get; init; } = [];

    /// <summary>How arguments and results are held against the schemas of the tools.</summary>
    public McpValidationOptions Validation { get; init; } = McpValidationOptions.Default;

    /// <summary>How calls with a key are run once.</summary>
    /// <value><see cref="OnceOptions.Default"/>: keys are taken, and kept in memory.</value>
    public OnceOptions Once { get; init; } = OnceOptions.Default;

    /// <summary>How much memory replies on their way may take.</summary>
    /// <value><see cref="MemoryOptions.Default"/>.</value>
    public MemoryOptions Memory { get; init; } = MemoryOptions.Default;

    /// <summary>What is remembered of single calls.</summary>
    /// <value><see cref="InstrumentOptions.Default"/>: nothing.</value>
    public InstrumentOptions Instruments { get; init; } = InstrumentOptions.Default;

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

        if (ListPageSize is < 1 or > 10_000)
        {
            faults.Add($"{nameof(ListPageSize)} is {ListPageSize}; it must be from 1 to 10000.");
        }

        if (!ListCursorKey.IsEmpty && ListCursorKey.Length is < 16 or > 64)
        {
            faults.Add($"{nameof(ListCursorKey)} has {ListCursorKey.Length} bytes; it must have 16 to 64, or none for a random key.");
        }

        if (MaxResourceUriBytes is < 256 or > 65_536)
        {
            faults.Add($"{nameof(MaxResourceUriBytes)} is {MaxResourceUriBytes}; it must be from 256 to 65536.");
        }

        if (MaxBlockingCalls is < 1 or > 1024)
        {
            faults.Add($"{nameof(MaxBlockingCalls)} is {MaxBlockingCalls}; it must be from 1 to 1024.");
        }

        if (BlockingThreshold <= TimeSpan.Zero)
        {
            faults.Add($"{nameof(BlockingThreshold)} is {BlockingThreshold}; it must be more than zero.");
        }

        if (MaxBufferedResultBytes is < 1024 or > 1024 * 1024 * 1024)
        {
            faults.Add($"{nameof(MaxBufferedResultBytes)} is {MaxBufferedResultBytes}; it must be from 1024 to 1073741824.");
        }

        if (MaxTools is < 0 or > 1_000_000)
        {
            faults.Add($"{nameof(MaxTools)} is {MaxTools}; it must be from 0 to 1000000.");
        }

        AddFaults(faults, nameof(Subscriptions), Subscriptions.Validate());
        AddFaults(faults, nameof(Scheduling), Scheduling.Validate());
        AddFaults(faults, nameof(Cache), Cache.Validate());
        AddFaults(faults, nameof(Once), Once.Validate());
        AddFaults(faults, nameof(Memory), Memory.Validate());
        AddFaults(faults, nameof(Instruments), Instruments.Validate());
        faults.AddRange(ExtensionRules.Validate(Extensions));
        faults.AddRange(Interaction.Validate());
        faults.AddRange(Logging.Validate());
        AddFaults(faults, nameof(Validation), Validation.Validate());
        return faults;
    }

    private static void AddFaults(List<string> faults, string part, IReadOnlyList<string> found)
    {
        foreach (var fault in found)
        {
            faults.Add($"{part}: {fault}");
        }
    }
}
