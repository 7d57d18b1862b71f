using Peregrine.Server.Tools;

namespace Peregrine.Server.Fronts;

// Memory that a call rents for its result.
public abstract partial class McpExchange
{
    private static int _rentedBuffers;

    private List<McpBuffer>? _buffers;

    /// <summary>How many buffers are rented now, by all calls of the process.</summary>
    internal static int RentedBuffers => Volatile.Read(ref _rentedBuffers);

    internal McpBuffer RentBuffer(int generation, int capacity)
    {
        var buffer = new McpBuffer(this, generation, capacity);
        lock (_cancelGate)
        {
            Verify(generation);
            (_buffers ??= []).Add(buffer);
        }

        Interlocked.Increment(ref _rentedBuffers);
        return buffer;
    }

    private void ReturnBuffers()
    {
        if (_buffers is { Count: > 0 } buffers)
        {
            foreach (var buffer in buffers)
            {
                buffer.Return();
            }

            Interlocked.Add(ref _rentedBuffers, -buffers.Count);
            buffers.Clear();
        }
    }
}
