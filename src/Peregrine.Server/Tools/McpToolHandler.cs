using Microsoft.Extensions.Logging;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Headers;

namespace Peregrine.Server.Tools;

/// <summary>A tool: its definition and the code that runs it. Written by the generator, or by hand. Implementations are thread-safe.</summary>
public abstract class McpToolHandler
{
    // Enough that a tool which blocks now and then stays in the lane, few enough that a wrong verdict at start is soon forgotten.
    private const int QuickCallsToReturn = 64;

    private int _blocking;
    private int _quickCalls;

    /// <summary>Makes a handler.</summary>
    /// <param name="definition">What the tool is.</param>
    protected McpToolHandler(McpToolDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
        _blocking = definition.Blocking ? 1 : 0;
    }

    /// <summary>What the tool is.</summary>
    public McpToolDefinition Definition { get; }

    /// <summary>The arguments that a client mirrors in headers over HTTP; null where there are none, as mostly. Set when the tool is registered.</summary>
    internal ToolHeaders? Headers { get; set; }

    /// <summary>True where calls run in the blocking lane: by its definition, or because one was seen to hold a worker.</summary>
    internal bool IsBlocking => Volatile.Read(ref _blocking) != 0;

    /// <summary>
    /// Runs one call: reads its arguments and returns a result through <paramref name="call"/> before the task ends. An exception becomes a result with
    /// <c>isError</c>: with its message if it is a <see cref="McpToolException"/>, else with a correlation id.
    /// </summary>
    /// <param name="call">The call; stale when the task has ended.</param>
    public abstract ValueTask InvokeAsync(McpCall call);

    /// <summary>
    /// Learns from how long a call held its thread. One long hold moves the tool into the lane; a long row of quick calls there moves it back, for the hold may
    /// have been compilation or a busy machine. A tool marked blocking stays.
    /// </summary>
    internal void NoteSynchronousPart(TimeSpan held, TimeSpan threshold, ILogger logger)
    {
        if (held >= threshold)
        {
            Volatile.Write(ref _quickCalls, 0);
            if (Interlocked.Exchange(ref _blocking, 1) == 0)
            {
                ToolLog.HeldWorker(logger, Definition.Name, (long)held.TotalMilliseconds);
            }
        }
        else if (IsBlocking && !Definition.Blocking && Interlocked.Increment(ref _quickCalls) >= QuickCallsToReturn)
        {
            Volatile.Write(ref _quickCalls, 0);
            Volatile.Write(ref _blocking, 0);
        }
    }
}
