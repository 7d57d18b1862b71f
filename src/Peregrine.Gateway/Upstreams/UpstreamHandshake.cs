using Peregrine.Gateway.Catalog;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// Opens the conversation with an upstream: asks <c>server/discover</c>, and takes any answer but a result for a server of the session era
/// (2026-07-28, transports, era detection). Then reads its tools. Immutable and thread-safe.
/// </summary>
internal sealed class UpstreamHandshake
{
    // Servers of the session era that keep silent about what they do not know must not use up the whole time to start.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    private const int MaxPages = 1000;

    private readonly byte[] _discoverParams;
    private readonly byte[] _listMeta;
    private readonly byte[] _listenParams;
    private readonly byte[] _initializeParams;

    internal UpstreamHandshake(string name, string version)
    {
        using var info = new PooledByteWriter(128);
        info.Write("{\"name\":"u8);
        JsonStringWriter.WriteString(info, name.AsSpan());
        info.Write(",\"version\":"u8);
        JsonStringWriter.WriteString(info, version.AsSpan());
        info.WriteByte((byte)'}');
        var clientInfo = info.WrittenSpan;
        StatelessMeta =
        [
            .. "\"io.modelcontextprotocol/protocolVersion\":\""u8, .. ProtocolVersions.Latest.ToUtf8(),
            .. "\",\"io.modelcontextprotocol/clientInfo\":"u8, .. clientInfo, .. ",\"io.modelcontextprotocol/clientCapabilities\":{}"u8,
        ];
        _listMeta = [.. "\"_meta\":{"u8, .. StatelessMeta, (byte)'}'];
        _discoverParams = [(byte)'{', .. _listMeta, (byte)'}'];
        _listenParams = [.. "{\"notifications\":{\"toolsListChanged\":true},"u8, .. _listMeta, (byte)'}'];
        _initializeParams =
        [
            .. "{\"protocolVersion\":\""u8, .. ProtocolVersions.LatestOfSessionEra.ToUtf8(), .. "\",\"capabilities\":{},\"clientInfo\":"u8, .. clientInfo, (byte)'}',
        ];
    }

    /// <summary>The members of <c>_meta</c> with which the gateway speaks for itself in the stateless era, raw.</summary>
    internal byte[] StatelessMeta { get; }

    /// <summary>Finds the era, and opens the session where there is one. Sets the connection's version.</summary>
    internal async Task OpenAsync(UpstreamSession session, CancellationToken cancellationToken)
    {
        if (await TryDiscoverAsync(session, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var connection = session.Connection;
        connection.Version = ProtocolVersion.Unknown;
        using var reply = await connection.SendRequestAsync("initialize"u8, _initializeParams, default, cancellationToken).ConfigureAwait(false);
        reply.ThrowIfError();
        var version = ReadVersion(reply.Result.Span);
        if (version == ProtocolVersion.Unknown || version.Era() != ProtocolEra.Session)
        {
            throw new McpTransportException(TransportFault.InvalidReply, "The server answered \"initialize\" without a protocol version known here.");
        }

        connection.Version = version;
        await connection.SendNotificationAsync("notifications/initialized"u8, default, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the whole list of tools, page by page.</summary>
    internal async Task<List<UpstreamTool>> ListToolsAsync(McpConnection connection, CancellationToken cancellationToken)
    {
        List<UpstreamTool> tools = [];
        byte[] cursor = [];
        for (var page = 0; page < MaxPages; page++)
        {
            using var reply = await connection.SendRequestAsync("tools/list"u8, ListParams(connection, cursor), default, cancellationToken).ConfigureAwait(false);
            if (reply.ErrorCode == ErrorCodes.MethodNotFound)
            {
                // A server without tools: it has resources or prompts only.
                return tools;
            }

            reply.ThrowIfError();
            cursor = ToolListParser.Read(reply.Result.Span, tools);
            if (cursor.Length == 0)
            {
                return tools;
            }
        }

        throw new McpTransportException(TransportFault.InvalidReply, $"The server's list of tools has more than {MaxPages} pages.");
    }

    /// <summary>Asks a stateless upstream to say when its tools change, as long as the session lives. Never fails: a server may not offer it.</summary>
    internal async Task ListenAsync(UpstreamSession session)
    {
        try
        {
            var options = new SendOptions { OnNotification = session.Handler.OnNotification };
            using var reply = await session.Connection.SendRequestAsync("subscriptions/listen"u8, _listenParams, options, session.Ending).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is PeregrineException or OperationCanceledException)
        {
            // Without it the list is read again at the next restart.
        }
    }

    private async Task<bool> TryDiscoverAsync(UpstreamSession session, CancellationToken cancellationToken)
    {
        var connection = session.Connection;
        connection.Version = ProtocolVersions.Latest;
        try
        {
            var options = new SendOptions { Timeout = ProbeTimeout };
            using var reply = await connection.SendRequestAsync("server/discover"u8, _discoverParams, options, cancellationToken).ConfigureAwait(false);
            return !reply.IsError;
        }
        catch (McpTransportException exception) when (exception.Fault is TransportFault.TimedOut or TransportFault.HttpStatus or TransportFault.InvalidReply or TransportFault.SessionLost)
        {
            return false;
        }
    }

    private byte[] ListParams(McpConnection connection, byte[] cursor)
    {
        byte[] meta = connection.Version.Era() == ProtocolEra.Stateless ? _listMeta : [];
        return (meta.Length, cursor.Length) switch
        {
            (0, 0) => [],
            (_, 0) => [(byte)'{', .. meta, (byte)'}'],
            (0, _) => [.. "{\"cursor\":"u8, .. cursor, (byte)'}'],
            _ => [.. "{\"cursor\":"u8, .. cursor, (byte)',', .. meta, (byte)'}'],
        };
    }

    private static ProtocolVersion ReadVersion(ReadOnlySpan<byte> result)
    {
        var reader = new System.Text.Json.Utf8JsonReader(result);
        reader.Read();
        while (reader.Read() && reader.TokenType == System.Text.Json.JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("protocolVersion"u8);
            reader.Read();
            if (isVersion && reader.TokenType == System.Text.Json.JsonTokenType.String)
            {
                return EraRules.ParseVersion(result[(int)reader.TokenStartIndex..(int)reader.BytesConsumed]);
            }

            reader.Skip();
        }

        return ProtocolVersion.Unknown;
    }
}
