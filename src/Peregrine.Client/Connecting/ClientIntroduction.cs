using System.Text;
using Peregrine.Client.Json;
using Peregrine.Client.Logging;
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
        _capabilities = WriteCapabilities(options, ProtocolEra.Session);
        _useTransactions = options.Reliability.UseTransactions;
        Meta = WriteMeta(ProtocolVersions.Latest, WriteCapabilities(options, ProtocolEra.Stateless));
    }

    /// <summary>The members of <c>_meta</c> that every request of the stateless era carries, without braces.</summary>
    internal byte[] Meta { get; }

    /// <summary>The same, with the wish for log messages from <paramref name="level"/> on.</summary>
    internal byte[] MetaWith(ServerLogLevel level) =>
        [.. Meta, .. ",\"io.modelcontextprotocol/logLevel\":\""u8, .. Encoding.ASCII.GetBytes(level.ToText()), (byte)'"'];

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

    private byte[] WriteMeta(ProtocolVersion version, byte[] capabilities)
    {
        using var writer = new PooledByteWriter();
        writer.Write("\"io.modelcontextprotocol/protocolVersion\":\""u8);
        writer.Write(version.ToUtf8());
        writer.Write("\",\"io.modelcontextprotocol/clientInfo\":"u8);
        writer.Write(_info);
        writer.Write(",\"io.modelcontextprotocol/clientCapabilities\":"u8);
        writer.Write(capabilities);
        return writer.WrittenSpan.ToArray();
    }

    // What the options say, and what the handlers serve: a server must not ask for anything else.
    private static byte[] WriteCapabilities(PeregrineClientOptions options, ProtocolEra era)
    {
        using var writer = new PooledByteWriter(256);
        var given = options.Capabilities.Span;
        writer.WriteByte((byte)'{');
        var members = new ObjectReader(given);
        while (members.Next())
        {
            Begin(writer);
            writer.Write(members.Name);
            writer.WriteByte((byte)':');
            writer.Write(members.Value);
        }

        if (options.OnElicitation is not null && ObjectReader.Find(given, "elicitation"u8).IsEmpty)
        {
            Begin(writer);
            writer.Write(options.AllowUrlElicitation ? "\"elicitation\":{\"form\":{},\"url\":{}}"u8 : "\"elicitation\":{\"form\":{}}"u8);
        }

        if (options.OnSampling is not null && ObjectReader.Find(given, "sampling"u8).IsEmpty)
        {
            Begin(writer);
            writer.Write("\"sampling\":{}"u8);
        }

        if (options.OnRoots is not null && ObjectReader.Find(given, "roots"u8).IsEmpty)
        {
            Begin(writer);
            writer.Write(era == ProtocolEra.Session ? "\"roots\":{\"listChanged\":true}"u8 : "\"roots\":{}"u8);
        }

        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }

    private static void Begin(PooledByteWriter writer)
    {
        if (writer.Length > 1)
        {
            writer.WriteByte((byte)',');
        }
    }
}
