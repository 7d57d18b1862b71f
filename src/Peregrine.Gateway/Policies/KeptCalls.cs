using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Peregrine.Execution.Stores;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Once;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Policies;

/// <summary>What calls with a key share: the gateway's own ledger, for servers that keep none. Thread-safe.</summary>
internal sealed class KeptCalls
{
    // The epochs of the servers' own ledgers as calls went there; empty for one that has changed.
    private readonly ConcurrentDictionary<string, string> _epochs = new(StringComparer.Ordinal);

    internal KeptCalls(ICallLedger ledger, OnceOptions options, ServerIdentity identity, TimeProvider time, ILogger logger)
    {
        (Ledger, Options, Identity, Time, Logger) = (ledger, options, identity, time, logger);
        Capability = Describe();
    }

    internal ICallLedger Ledger { get; }

    internal OnceOptions Options { get; }

    internal ServerIdentity Identity { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    /// <summary>What the gateway says of it in its capabilities: one member, raw.</summary>
    internal ReadOnlyMemory<byte> Capability { get; }

    /// <summary>Takes note of the epoch of a server's own ledger.</summary>
    /// <returns>True where it has been the same for all calls of this gateway, whose own epoch ends with it.</returns>
    internal bool IsOneLedger(string server, string epoch) =>
        Ledger.Durability == Durability.Memory && _epochs.AddOrUpdate(server, epoch, (_, known) => known == epoch ? known : "") == epoch;

    private byte[] Describe()
    {
        using var writer = new PooledByteWriter(256);
        writer.Write("\"experimental\":{\"mcp_tx\":{\"version\":\""u8);
        writer.Write(TransactionWriter.Version);
        writer.Write("\",\"features\":[\"ack\",\"retry\",\"idempotency\"],\"durability\":\""u8);
        writer.Write(Ledger.Durability switch { Durability.Memory => "memory"u8, Durability.Journal => "journal"u8, _ => "cluster"u8 });
        writer.Write("\",\"window_ms\":"u8);
        JsonRpcWriter.WriteInteger(writer, (long)Options.Window.TotalMilliseconds);
        writer.Write(",\"epoch\":"u8);
        JsonStringWriter.WriteString(writer, Ledger.Epoch.AsSpan());
        writer.Write("}}"u8);
        return writer.WrittenSpan.ToArray();
    }
}
