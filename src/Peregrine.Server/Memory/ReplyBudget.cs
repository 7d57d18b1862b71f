using Peregrine.Execution.Memory;
using Peregrine.Protocol.Buffers;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Memory;

/// <summary>Counts the memory of long replies. Belongs to an exchange's buffer, and is used by whoever writes there.</summary>
internal sealed class ReplyBudget(McpExchange owner, MemoryGovernor governor) : IBufferBudget
{
    private StreamLease? _lease;

    /// <summary>The exchange whose buffer it is.</summary>
    internal McpExchange Owner { get; set; } = owner;

    internal MemoryGovernor Governor => governor;

    /// <summary>What is counted now; null for a short reply.</summary>
    internal StreamLease? Lease => _lease;

    /// <inheritdoc/>
    public int Take(int wanted, int least)
    {
        var lease = _lease ??= Open(Owner, governor);
        try
        {
            return (int)lease.Take(wanted, least);
        }
        catch (ResourceExhaustedException) when (lease.Bytes == 0)
        {
            Close();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Return(int bytes)
    {
        if (_lease is { } lease)
        {
            lease.Return(bytes);
            if (lease.Bytes <= 0)
            {
                Close();
            }
        }
    }

    /// <summary>Begins to count what is sent for an exchange.</summary>
    internal static StreamLease Open(McpExchange exchange, MemoryGovernor governor)
    {
        var generation = exchange.Generation;
        return governor.Open(exchange.ConnectionKey, exchange.Handler is { } handler ? $"the reply of \"{handler.Name}\"" : "a reply", why => exchange.EndSending(generation, why));
    }

    private void Close()
    {
        _lease!.Dispose();
        _lease = null;
    }
}
