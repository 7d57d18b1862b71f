using System.Collections.Concurrent;

namespace Peregrine.Server.AspNetCore.Tests.Injection;

/// <summary>A singleton, which keeps what happens.</summary>
internal sealed class Unit
{
    private int _works;

    internal ConcurrentQueue<string> Log { get; } = new();

    /// <summary>How many units of work were made.</summary>
    internal int Works => Volatile.Read(ref _works);

    internal int NextWork() => Interlocked.Increment(ref _works);
}
