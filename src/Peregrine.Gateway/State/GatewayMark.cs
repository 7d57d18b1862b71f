using System.Globalization;
using System.Text;
using Peregrine.Transport.Processes.Unix;

namespace Peregrine.Gateway.State;

/// <summary>
/// What a gateway's processes carry in their environment, and their descendants with them: the gateway's number and start time. The mark is written down, so that after a gateway was
/// killed the next start with the same state ends what it had left, and nothing else: no number can come to mean another process. Linux; elsewhere it does nothing.
/// </summary>
internal sealed class GatewayMark(IStateFolder folder)
{
    /// <summary>The environment variable.</summary>
    internal const string Variable = "PEREGRINE_GATEWAY";

    private const string Entry = "gateway.txt";

    /// <summary>This process's mark; null where the system does not tell start times.</summary>
    internal static string? Own { get; } = OperatingSystem.IsLinux() && ProcessTimes.Read(Environment.ProcessId) is { } started
        ? string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.{started}")
        : null;

    /// <summary>Ends what was left by the gateway that had this state before, where that one is no more, and writes down its own mark.</summary>
    /// <returns>How many processes were ended.</returns>
    internal async ValueTask<int> TakeOverAsync(CancellationToken cancellationToken)
    {
        if (Own is not { } own || !OperatingSystem.IsLinux())
        {
            return 0;
        }

        var ended = 0;
        if (await folder.ReadAsync(Entry, cancellationToken).ConfigureAwait(false) is { } content && Encoding.UTF8.GetString(content) is var before && before != own)
        {
            if (IsRunning(before))
            {
                // Another gateway lives with the same state. Its processes are its own, and so is the entry.
                return 0;
            }

            ended = MarkedProcesses.Kill($"{Variable}={before}");
        }

        await folder.WriteAsync(Entry, Encoding.UTF8.GetBytes(own), cancellationToken).ConfigureAwait(false);
        return ended;
    }

    private static bool IsRunning(string mark)
    {
        var dot = mark.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && int.TryParse(mark.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(mark.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var started) && ProcessTimes.Read(pid) == started;
    }
}
