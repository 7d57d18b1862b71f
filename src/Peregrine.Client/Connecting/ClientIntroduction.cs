using Peregrine.Client.Reliability;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;

namespace Peregrine.Client.Connecting;

/// <summary>How the client introduces itself, serialised once: in every request of the stateless era, in <c>initialize</c> of the session era.</summary>
internal sealed class ClientIntroduction
{
    private readonly byte[] _info;
    private readonly byte[] _capabilities;
    private readonly bool _useTransactions;

    internal ClientIntroduction(PeregrineClientOptions options)
    {
        using var writer = new PooledByteWriter();
        writer.Write("{\"name\":"u8);
        JsonStringWriter.WriteString(writer, options.Name);
        writer.Write(",\"version\":"u8);
        JsonStringWriter.WriteString(writer, options.Version);
        writer.WriteByte((byte)'}');
        _info = writer.WrittenSpan.ToArray();
        _capabilities = options.Capabilities.ToArray();
        _useTransactions = options.Reliability.UseTransactions;
        Meta = WriteMeta(ProtocolVersions.Latest);
    }

    /// <summary>The members of <c>_meta</c> that every request of the stateless era carries, without braces.</summary>
    internal ReadOnlyMemory<byte> Meta { get; }

    /// <summary>The params of <c>initialize</c>.</summary>
    internal byte[] WriteInitialize(ProtocolVersion version)
    {
        using var writer = new PooledByteWriter();
        writer.Write("{\"protocolVersion\":\""u8);
        writer.Write(version.ToUtf8());
        writer.Write("\",\"capabilities\":"u8);
        writer.Write(_useTransactions ? TransactionCapability.AddTo(_capabilities) : _capabilities);
        writer.Write(",\"clientInfo\":"u8);
        writer.Write(_info);
        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }

    private byte[] WriteMeta(ProtocolVersion version)
    {
        using var writer = new PooledByteWriter();
        writer.Write("\"io.modelcontextprotocol/protocolVersion\":\""u8);
        writer.Write(version.ToUtf8());
        writer.Write("\",\"io.modelcontextprotocol/clientInfo\":"u8);
        writer.Write(_info);
        writer.Write(",\"io.modelcontextprotocol/clientCapabilities\":"u8);
        writer.Write(_capabilities);
        return writer.WrittenSpan.ToArray();
    }
}
