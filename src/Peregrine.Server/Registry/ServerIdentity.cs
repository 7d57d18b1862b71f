using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;

namespace Peregrine.Server.Registry;

/// <summary>Who answers: name, version and instructions, and the constant parts of results that say so. Immutable and thread-safe.</summary>
public sealed class ServerIdentity
{
    private readonly byte[] _info;
    private readonly byte[] _meta;
    private readonly string? _instructions;

    /// <summary>Makes an identity.</summary>
    /// <param name="name">The server's name, for programs.</param>
    /// <param name="version">The server's version.</param>
    /// <param name="title">A name for people, or null.</param>
    /// <param name="instructions">How to use the server, for the model, or null.</param>
    public ServerIdentity(string name, string version, string? title = null, string? instructions = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(version);
        Name = name;
        Version = version;
        _instructions = instructions;
        using var writer = new PooledByteWriter(256);
        writer.Write("{\"name\":"u8);
        JsonStringWriter.WriteString(writer, name.AsSpan());
        if (title is not null)
        {
            writer.Write(",\"title\":"u8);
            JsonStringWriter.WriteString(writer, title.AsSpan());
        }

        writer.Write(",\"version\":"u8);
        JsonStringWriter.WriteString(writer, version.AsSpan());
        writer.WriteByte((byte)'}');
        _info = writer.WrittenSpan.ToArray();
        _meta = [.. "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":"u8, .. _info, .. "}"u8];
        byte[] suffix = [.. ",\"resultType\":\"complete\","u8, .. _meta];
        ResultSuffix = suffix;
    }

    /// <summary>The server's name.</summary>
    public string Name { get; }

    /// <summary>The server's version.</summary>
    public string Version { get; }

    /// <summary>Name and version as MCP's <c>serverInfo</c>, raw JSON.</summary>
    internal ReadOnlyMemory<byte> Info => _info;

    /// <summary>The <c>_meta</c> of every result of the stateless era, a member with its name.</summary>
    internal ReadOnlySpan<byte> MetaMember => _meta;

    /// <summary>
    /// What every complete result of the stateless era has behind its own members: <c>,"resultType":"complete","_meta":{…serverInfo…}</c> (2026-07-28, results).
    /// </summary>
    public ReadOnlyMemory<byte> ResultSuffix { get; }

    /// <summary>The same for cacheable results, with <c>ttlMs</c> and <c>cacheScope</c> "public".</summary>
    /// <param name="timeToLive">How long a receiver may keep the result; zero or more.</param>
    public byte[] CacheableSuffix(TimeSpan timeToLive)
    {
        if (timeToLive < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(timeToLive), timeToLive, "It must be zero or more.");
        }

        using var writer = new PooledByteWriter(256);
        writer.Write(",\"ttlMs\":"u8);
        JsonRpcWriter.WriteInteger(writer, (long)timeToLive.TotalMilliseconds);
        writer.Write(",\"cacheScope\":\"public\""u8);
        writer.Write(ResultSuffix.Span);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>The result of <c>initialize</c>.</summary>
    /// <param name="version">The revision agreed on.</param>
    /// <param name="capabilities">The server's capabilities, a raw JSON object.</param>
    public byte[] InitializeResult(ProtocolVersion version, ReadOnlySpan<byte> capabilities)
    {
        using var writer = new PooledByteWriter(256);
        writer.Write("{\"protocolVersion\":\""u8);
        writer.Write(version.ToUtf8());
        writer.Write("\",\"capabilities\":"u8);
        writer.Write(capabilities);
        writer.Write(",\"serverInfo\":"u8);
        writer.Write(_info);
        WriteInstructions(writer);
        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>The result of <c>server/discover</c>.</summary>
    /// <param name="capabilities">The server's capabilities, a raw JSON object.</param>
    /// <param name="timeToLive">How long a receiver may keep the result.</param>
    public byte[] DiscoverResult(ReadOnlySpan<byte> capabilities, TimeSpan timeToLive)
    {
        using var writer = new PooledByteWriter(256);
        writer.Write("{\"supportedVersions\":"u8);
        writer.Write(ProtocolVersions.SupportedJson);
        writer.Write(",\"capabilities\":"u8);
        writer.Write(capabilities);
        WriteInstructions(writer);
        writer.Write(CacheableSuffix(timeToLive));
        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }

    private void WriteInstructions(PooledByteWriter writer)
    {
        if (_instructions is not null)
        {
            writer.Write(",\"instructions\":"u8);
            JsonStringWriter.WriteString(writer, _instructions.AsSpan());
        }
    }
}
