using Peregrine.Execution.Stores;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Features;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Once;

/// <summary>Says in the capabilities that keys are taken, and what the ledger promises. It has no methods: keys come with <c>tools/call</c>. Immutable.</summary>
internal sealed class OnceFeature : IServerFeature
{
    private readonly byte[] _capability;

    internal OnceFeature(OnceOptions options, ICallLedger ledger)
    {
        using var writer = new PooledByteWriter(256);
        if (options.IsOn)
        {
            writer.Write("\"experimental\":{\"mcp_tx\":{\"version\":\""u8);
            writer.Write(TransactionWriter.Version);
            writer.Write("\",\"features\":[\"ack\",\"retry\",\"idempotency\"],\"durability\":\""u8);
            writer.Write(ledger.Durability switch { Durability.Memory => "memory"u8, Durability.Journal => "journal"u8, _ => "cluster"u8 });
            writer.Write("\",\"window_ms\":"u8);
            JsonRpcWriter.WriteInteger(writer, (long)options.Window.TotalMilliseconds);
            writer.Write(",\"epoch\":"u8);
            JsonStringWriter.WriteString(writer, ledger.Epoch.AsSpan());
            writer.Write("}}"u8);
        }

        _capability = writer.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public McpMethod[] Methods => FeatureTable.NoMethods;

    /// <inheritdoc/>
    public void WriteCapability(PooledByteWriter writer, ProtocolVersion version) => writer.Write(_capability);

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        EraRules.FailMethod(exchange);
        return default;
    }
}
