using Peregrine.Client;
using Peregrine.Gateway.Catalog;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Sessions;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>What the gateway itself says to upstreams: who it is, what tools there are, tell me when they change. Immutable and thread-safe.</summary>
internal sealed class UpstreamConversation
{
    private const int MaxPages = 1000;

    internal UpstreamConversation(string name, string version)
    {
        Name = name;
        Version = version;
        using var meta = new PooledByteWriter(256);
        meta.Write("\"io.modelcontextprotocol/protocolVersion\":\""u8);
        meta.Write(ProtocolVersions.Latest.ToUtf8());
        meta.Write("\",\"io.modelcontextprotocol/clientInfo\":{\"name\":"u8);
        JsonStringWriter.WriteString(meta, name.AsSpan());
        meta.Write(",\"version\":"u8);
        JsonStringWriter.WriteString(meta, version.AsSpan());
        meta.Write("},\"io.modelcontextprotocol/clientCapabilities\":{}"u8);
        StatelessMeta = meta.WrittenSpan.ToArray();
    }

    /// <summary>The gateway's name.</summary>
    internal string Name { get; }

    /// <summary>The gateway's version.</summary>
    internal string Version { get; }

    /// <summary>The members of <c>_meta</c> with which the gateway speaks for itself in the stateless era, raw.</summary>
    internal byte[] StatelessMeta { get; }

    /// <summary>Reads everything of a kind, page by page.</summary>
    internal static async Task<List<UpstreamItem>> ListAsync(PeregrineClient client, OfferKind kind, CancellationToken cancellationToken)
    {
        List<UpstreamItem> items = [];
        byte[] cursor = [];
        for (var page = 0; page < MaxPages; page++)
        {
            byte[] parameters = cursor.Length == 0 ? [] : [.. "{\"cursor\":"u8, .. cursor, (byte)'}'];
            using var reply = await client.SendRequestAsync(kind.ListMethod().ToUtf8(), parameters, cancellationToken).ConfigureAwait(false);
            if (reply.ErrorCode == ErrorCodes.MethodNotFound)
            {
                // A server without any: it has others only.
                return items;
            }

            reply.ThrowIfError();
            var next = ListParser.Read(kind, reply.Result.Span, items);
            if (next.Length == 0)
            {
                return items;
            }

            if (next.AsSpan().SequenceEqual(cursor))
            {
                break;
            }

            cursor = next;
        }

        throw new McpTransportException(TransportFault.InvalidReply, $"Its list of {kind.Noun()}s does not end, or has more than {MaxPages} pages.");
    }

    /// <summary>Asks a stateless upstream to say when its lists and the resources named change, until the session or what is returned is ended.</summary>
    internal UpstreamListen Listen(UpstreamSession session, IReadOnlyCollection<string> uris) => UpstreamListen.Begin(session, WriteListen(uris));

    /// <summary>Tells a server of the session era which log messages are wanted. Never fails: a server may not offer it.</summary>
    internal static async Task SetLogLevelAsync(UpstreamSession session, McpLogLevel level)
    {
        if (session.Era != ProtocolEra.Session)
        {
            // There each call says it for itself.
            return;
        }

        byte[] parameters = [.. "{\"level\":\""u8, .. LogLevels.NameOf(level), .. "\"}"u8];
        try
        {
            using var reply = await session.Client.SendRequestAsync("logging/setLevel"u8, parameters, session.Ending).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is PeregrineException or OperationCanceledException)
        {
            // Without it the server sends what it thinks fit.
        }
    }

    private byte[] WriteListen(IReadOnlyCollection<string> uris)
    {
        using var writer = new PooledByteWriter(512);
        writer.Write("{\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true,\"resourcesListChanged\":true"u8);
        if (uris.Count > 0)
        {
            var first = true;
            writer.Write(",\"resourceSubscriptions\":["u8);
            foreach (var uri in uris)
            {
                writer.Write(first ? default : ","u8);
                JsonStringWriter.WriteString(writer, uri.AsSpan());
                first = false;
            }

            writer.WriteByte((byte)']');
        }

        writer.Write("},\"_meta\":{"u8);
        writer.Write(StatelessMeta);
        writer.Write("}}"u8);
        return writer.WrittenSpan.ToArray();
    }
}
