using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Peregrine.Transport.Processes.Unix;

/// <summary>
/// Notices that children ended: at each SIGCHLD it asks for every child it was given, for signals that come together are delivered once. No thread waits. Children that
/// are not its own (those of <c>System.Diagnostics.Process</c>) it never touches.
/// </summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
internal static class ChildReaper
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, UnixChild> Children = [];

    // Never disposed: with it the runtime would put the signal's handling back while children still run.
    private static PosixSignalRegistration? s_signal;

    /// <summary>Watches the signal. Call before a child is started, so that none can end unseen.</summary>
    internal static void Prepare()
    {
        lock (Gate)
        {
            s_signal ??= PosixSignalRegistration.Create(PosixSignal.SIGCHLD, static _ => CheckAll());
        }
    }

    internal static void Add(UnixChild child)
    {
        lock (Gate)
        {
            Children.Add(child.Id, child);
        }

        // It may have ended before it was entered.
        Check(child);
    }

    private static void CheckAll()
    {
        UnixChild[] children;
        lock (Gate)
        {
            children = [.. Children.Values];
        }

        foreach (var child in children)
        {
            Check(child);
        }
    }

    private static void Check(UnixChild child)
    {
        if (!child.HasEnded())
        {
            return;
        }

        lock (Gate)
        {
            // Whoever takes it out reaps it; two signals may meet here.
            if (!Children.Remove(child.Id))
            {
                return;
            }
        }

        child.Reap();
    }
}
