using Peregrine.Client;
using Peregrine.Gateway.Catalog;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>What the gateway itself says to upstreams: who it is, what tools there are, tell me when they change. Immutable and thread-safe.</summary>
internal sealed class UpstreamConversation
{
    private const int MaxPages = 1000;

    private readonly byte[] _listenParams;

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
        _listenParams = [.. "{\"notifications\":{\"toolsListChanged\":true},\"_meta\":{"u8, .. StatelessMeta, .. "}}"u8];
    }

    /// <summary>The gateway's name.</summary>
    internal string Name { get; }

    /// <summary>The gateway's version.</summary>
    internal string Version { get; }

    /// <summary>The members of <c>_meta</c> with which the gateway speaks for itself in the stateless era, raw.</summary>
    internal byte[] StatelessMeta { get; }

    /// <summary>Reads the whole list of tools, page by page.</summary>
    internal static async Task<List<UpstreamTool>> ListToolsAsync(PeregrineClient client, CancellationToken cancellationToken)
    {
        List<UpstreamTool> tools = [];
        byte[] cursor = [];
        for (var page = 0; page < MaxPages; page++)
        {
            byte[] parameters = cursor.Length == 0 ? [] : [.. "{\"cursor\":"u8, .. cursor, (byte)'}'];
            using var reply = await client.SendRequestAsync("tools/list"u8, parameters, cancellationToken).ConfigureAwait(false);
            if (reply.ErrorCode == ErrorCodes.MethodNotFound)
            {
                // A server without tools: it has resources or prompts only.
                return tools;
            }

            reply.ThrowIfError();
            var next = ToolListParser.Read(reply.Result.Span, tools);
            if (next.Length == 0)
            {
                return tools;
            }

            if (next.AsSpan().SequenceEqual(cursor))
            {
                break;
            }

            cursor = next;
        }

        throw new McpTransportException(TransportFault.InvalidReply, $"Its list of tools does not end, or has more than {MaxPages} pages.");
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
}
