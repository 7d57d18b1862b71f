using System.Net.Sockets;

namespace Peregrine.Load.Driving.Polling;

/// <summary>Waits for any of many descriptors. For one thread.</summary>
internal abstract class PollSet : IDisposable
{
    /// <summary>The most events of one wait.</summary>
    protected const int MaxEvents = 256;

    /// <summary>Makes a set.</summary>
    /// <param name="portable">True for the one that runs everywhere.</param>
    internal static PollSet Create(bool portable = false) => OperatingSystem.IsLinux() && !portable ? new EpollSet() : new SelectSet();

    /// <summary>Adds a descriptor; wants to know when it can be read and, where asked, written.</summary>
    /// <param name="descriptor">What to wait for.</param>
    /// <param name="socket">The socket of the descriptor; null for a pipe, which only Linux takes.</param>
    /// <param name="token">What names it in events; 0 or more. A token that is in use is replaced.</param>
    /// <param name="write">Whether to tell when it can be written.</param>
    internal abstract void Add(int descriptor, Socket? socket, int token, bool write);

    /// <summary>Changes whether to tell when it can be written.</summary>
    internal abstract void Change(int descriptor, Socket? socket, int token, bool write);

    /// <summary>Removes it; before it is closed.</summary>
    internal abstract void Remove(int descriptor, int token);

    /// <summary>Waits.</summary>
    /// <param name="nanoseconds">How long at most; 0 for a look.</param>
    /// <param name="events">Takes what is ready.</param>
    /// <returns>How many are ready.</returns>
    internal abstract int Wait(long nanoseconds, Span<PollEvent> events);

    /// <inheritdoc/>
    public abstract void Dispose();
}
