using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Peregrine.Server.Tools;

namespace Peregrine.Cli.Serving;

/// <summary>The tools of the sample server: one for each thing that a client, a gateway or a measurement has to cope with.</summary>
[McpTools]
internal sealed class SampleTools(TimeProvider? timeProvider = null)
{
    private const int MaxGenerated = 16 * 1024 * 1024;
    private const int MaxMilliseconds = 3_600_000;

    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary>Returns the message.</summary>
    /// <param name="message">Any text.</param>
    [McpTool(ReadOnly = true, Idempotent = true, OpenWorld = false)]
    public static string Echo(string message) => message;

    /// <summary>Adds two numbers.</summary>
    /// <param name="a">The first number.</param>
    /// <param name="b">The second number.</param>
    [McpTool(ReadOnly = true, Idempotent = true, OpenWorld = false)]
    public static double Add(double a, double b) => a + b;

    /// <summary>Returns a Fibonacci number.</summary>
    /// <param name="n">Which one: 0 gives 0, 1 gives 1, 92 is the last that fits into 64 bits.</param>
    [McpTool(ReadOnly = true, Idempotent = true, OpenWorld = false)]
    public static long Fibonacci([Range(0, 92)] int n)
    {
        var (current, next) = (0L, 1L);
        for (var i = 0; i < n; i++)
        {
            // The number after the last one needs more than 64 bits, and nobody asks for it.
            (current, next) = (next, unchecked(current + next));
        }

        return current;
    }

    /// <summary>Waits without holding a thread, and ends early when it is cancelled.</summary>
    /// <param name="ms">How long, in milliseconds.</param>
    /// <param name="cancellationToken">Fires when the caller cancels.</param>
    [McpTool(ReadOnly = true, Idempotent = true, OpenWorld = false)]
    public async ValueTask<string> Sleep([Range(0, MaxMilliseconds)] int ms, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(ms), _time, cancellationToken).ConfigureAwait(false);
        return $"slept {ms} ms";
    }

    /// <summary>Waits and holds its thread meanwhile, as a tool does that calls a synchronous library.</summary>
    /// <param name="ms">How long, in milliseconds.</param>
    /// <param name="cancellationToken">Fires when the caller cancels.</param>
    [McpTool(ReadOnly = true, Idempotent = true, OpenWorld = false, Blocking = true)]
    public static string Block([Range(0, MaxMilliseconds)] int ms, CancellationToken cancellationToken)
    {
        if (cancellationToken.WaitHandle.WaitOne(ms))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return $"blocked for {ms} ms";
    }

    /// <summary>Fails, with a message for the caller.</summary>
    [McpTool(ReadOnly = true, Idempotent = true, OpenWorld = false)]
    public static void Fail() => throw new McpToolException("This tool always fails.");

    /// <summary>Sends progress notifications, where the caller asked for progress, and then a text.</summary>
    /// <param name="count">How many.</param>
    /// <param name="call">The call.</param>
    [McpTool(ReadOnly = true, Idempotent = true, OpenWorld = false)]
    public static async ValueTask<string> Stream([Range(0, 1_000_000)] int count, McpCall call)
    {
        var cancellationToken = call.CancellationToken;
        for (var i = 1; i <= count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await call.ReportProgressAsync(i, count, string.Create(CultureInfo.InvariantCulture, $"{i} of {count}"), cancellationToken).ConfigureAwait(false);
        }

        return $"sent {count} notifications";
    }

    /// <summary>Returns a text of a given length.</summary>
    /// <param name="bytes">Its length, in bytes: 0 to 16 MiB.</param>
    [McpTool(ReadOnly = true, Idempotent = true, OpenWorld = false)]
    public static string Generate([Range(0, MaxGenerated)] int bytes) => new('x', bytes);
}
