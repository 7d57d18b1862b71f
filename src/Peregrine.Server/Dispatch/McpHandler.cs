using Microsoft.Extensions.Logging;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Dispatch;

/// <summary>
/// What a call runs: a tool, a prompt or a resource. Learns whether its code holds threads. To write one, derive from <see cref="McpToolHandler"/>,
/// <see cref="Prompts.McpPromptHandler"/>, <see cref="Resources.McpResourceHandler"/> or <see cref="Resources.McpResourceTemplateHandler"/>. Implementations are thread-safe.
/// </summary>
public abstract class McpHandler
{
    // Enough that a handler which blocks now and then stays in the lane, few enough that a wrong verdict at start is soon forgotten.
    private const int QuickCallsToReturn = 64;

    private readonly bool _marked;
    private int _blocking;
    private int _quickCalls;

    private protected McpHandler(string name, bool blocking, bool cpuBound = false)
    {
        Name = name;
        IsCpuBound = cpuBound;
        _marked = blocking || cpuBound;
        _blocking = _marked ? 1 : 0;
    }

    /// <summary>True where calls run in the lane of bounded width for what computes.</summary>
    internal bool IsCpuBound { get; }

    /// <summary>What the handler is called in messages and logs.</summary>
    internal string Name { get; }

    /// <summary>What it is, for people.</summary>
    internal abstract string Kind { get; }

    /// <summary>True where calls run in the blocking lane: by its definition, or because one was seen to hold a worker.</summary>
    internal bool IsBlocking => Volatile.Read(ref _blocking) != 0;

    /// <summary>
    /// Runs one call: returns a result through <paramref name="call"/> before the task ends. An exception becomes a failure: with its message if it is a
    /// <see cref="McpToolException"/>, else with a correlation id.
    /// </summary>
    /// <param name="call">The call; stale when the task has ended.</param>
    public abstract ValueTask InvokeAsync(McpCall call);

    /// <summary>Answers a call that ended without a result.</summary>
    internal abstract void ReturnNothing(McpExchange exchange, PeregrineServer server);

    /// <summary>Answers a call that failed.</summary>
    /// <param name="exchange">Receives the failure.</param>
    /// <param name="server">The server that answers.</param>
    /// <param name="message">What went wrong, for the caller.</param>
    internal abstract void ReturnFailure(McpExchange exchange, PeregrineServer server, string message);

    /// <summary>
    /// Learns from how long a call held its thread. One long hold moves the handler into the lane; a long row of quick calls there moves it back, for the hold may
    /// have been compilation or a busy machine. A handler marked blocking stays.
    /// </summary>
    internal void NoteSynchronousPart(TimeSpan held, TimeSpan threshold, ILogger logger)
    {
        if (held >= threshold)
        {
            Volatile.Write(ref _quickCalls, 0);
            if (Interlocked.Exchange(ref _blocking, 1) == 0)
            {
                ToolLog.HeldWorker(logger, Kind, Name, (long)held.TotalMilliseconds);
            }
        }
        else if (IsBlocking && !_marked && Interlocked.Increment(ref _quickCalls) >= QuickCallsToReturn)
        {
            Volatile.Write(ref _quickCalls, 0);
            Volatile.Write(ref _blocking, 0);
        }
    }
}
