using Peregrine.Execution.Ledger;
using Peregrine.Simulation.World;

namespace Peregrine.Simulation.Network;

/// <summary>What a server reads from: the bytes that have come, in pieces of any length.</summary>
internal sealed class SimInput(SimWorld world, SimProcess server) : SimStream
{
    private readonly List<byte> _bytes = [];
    private ScheduledCompletion<int>? _reading;
    private Memory<byte> _into;
    private bool _ended;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_bytes.Count > 0 || _ended)
        {
            return new(Take(buffer));
        }

        _into = buffer;
        _reading = new ScheduledCompletion<int>(new SimScheduler(world, server));
        return _reading.Task;
    }

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        Wake();
    }

    internal void End()
    {
        _ended = true;
        Wake();
    }

    private void Wake()
    {
        if (_reading is { } reading && (_bytes.Count > 0 || _ended))
        {
            _reading = null;
            reading.TryComplete(Take(_into));
        }
    }

    private int Take(Memory<byte> buffer)
    {
        var most = Math.Min(buffer.Length, _bytes.Count);
        var count = most > 1 && world.Chance(0.2) ? 1 + world.Random.Next(most) : most;
        _bytes.GetRange(0, count).CopyTo(System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(buffer, out var array) ? array.Array! : throw new NotSupportedException(), array.Offset);
        _bytes.RemoveRange(0, count);
        return count;
    }
}
