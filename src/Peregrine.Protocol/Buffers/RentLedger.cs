using System.Diagnostics;

namespace Peregrine.Protocol.Buffers;

/// <summary>
/// What is rented from pools at this moment, and from where. In Debug builds only, and there only in a process that asks for it; calls of it are compiled into nothing else. Thread-safe.
/// </summary>
/// <remarks>
/// Who wants to know puts a <c>Dictionary&lt;object, StackTrace&gt;</c> that compares by reference into <see cref="AppContext"/> under <see cref="Name"/> before a library runs: all libraries then
/// write into it, under its lock, and pulse it when something is given back. What is given back without having been rented, or twice, stands in it under a string.
/// </remarks>
internal static class RentLedger
{
    internal const string Name = "Peregrine.RentLedger";

#if DEBUG
    private static readonly Dictionary<object, StackTrace>? Rented = AppContext.GetData(Name) as Dictionary<object, StackTrace>;
#endif

    /// <summary>Takes note that <paramref name="rented"/>, an array or another pooled object, was taken from its pool.</summary>
    [Conditional("DEBUG")]
    internal static void Add(object rented)
    {
#if DEBUG
        if (Rented is not null && rented is not Array { Length: 0 })
        {
            var from = new StackTrace(1, fNeedFileInfo: false);
            lock (Rented)
            {
                if (!Rented.TryAdd(rented, from))
                {
                    Rented.Add(new string("was given out twice"), from);
                }
            }
        }
#endif
    }

    /// <summary>Takes note that <paramref name="rented"/> went back to its pool.</summary>
    [Conditional("DEBUG")]
    internal static void Remove(object rented)
    {
#if DEBUG
        if (Rented is not null && rented is not Array { Length: 0 })
        {
            lock (Rented)
            {
                if (!Rented.Remove(rented))
                {
                    Rented.Add(new string("was given back without being rented"), new StackTrace(1, fNeedFileInfo: false));
                }

                Monitor.PulseAll(Rented);
            }
        }
#endif
    }
}
