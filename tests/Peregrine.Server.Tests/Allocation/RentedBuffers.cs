using System.Diagnostics.Tracing;

namespace Peregrine.Server.Tests.Allocation;

/// <summary>Counts, over the whole process, the arrays that were rented from the shared pools and not given back.</summary>
internal sealed class RentedBuffers : EventListener
{
    private const string PoolEvents = "System.Buffers.ArrayPoolEventSource";
    private const int Rented = 1;
    private const int Returned = 3;

    private long _outstanding;

    internal long Outstanding => Volatile.Read(ref _outstanding);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == PoolEvents)
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name != PoolEvents)
        {
            return;
        }

        if (eventData.EventId == Rented)
        {
            Interlocked.Increment(ref _outstanding);
        }
        else if (eventData.EventId == Returned)
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }
}
