using Peregrine.Client.Connecting;
using Peregrine.Client.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client.Subscriptions;

/// <summary>One <c>subscriptions/listen</c>: over HTTP its notifications come on its own stream, on a shared connection they carry its id.</summary>
internal sealed class ListenCall
{
    private readonly Conversation _conversation;
    private readonly byte[] _parameters;
    private readonly NotificationCallback _onNotification;
    private readonly long _id;
    private readonly bool _hasOwnStream;

    internal ListenCall(Conversation conversation, SubscriptionRequest request, NotificationCallback onNotification)
    {
        _conversation = conversation;
        _parameters = Write(request);
        _onNotification = onNotification;
        _id = conversation.Connection.AllocateProgressToken();
        _hasOwnStream = conversation.Connection is HttpConnection;
    }

    /// <summary>Sends it. Ends when the server ends the subscription.</summary>
    internal ValueTask<McpReply> SendAsync(CancellationToken cancellationToken) => _conversation.Connection.SendRequestAsync(
        "subscriptions/listen"u8,
        _parameters,
        new SendOptions { Meta = _conversation.Meta, ProgressToken = _id, OnNotification = _hasOwnStream ? _onNotification : null },
        cancellationToken);

    /// <summary>True where a notification of a shared connection belongs to this subscription.</summary>
    internal bool IsMine(in IncomingNotification notification)
    {
        if (_hasOwnStream)
        {
            return false;
        }

        var id = ObjectReader.Find(ObjectReader.Find(notification.Parameters, "_meta"u8), "io.modelcontextprotocol/subscriptionId"u8);
        return JsonText.TryGetInt64(id, out var of) && of == _id;
    }

    private static byte[] Write(SubscriptionRequest request)
    {
        using var writer = new PooledByteWriter(256);
        writer.Write("{\"notifications\":{"u8);
        Flag(writer, request.Tools, "\"toolsListChanged\":true"u8);
        Flag(writer, request.Prompts, "\"promptsListChanged\":true"u8);
        Flag(writer, request.Resources, "\"resourcesListChanged\":true"u8);
        for (var i = 0; i < request.ResourceUris.Count; i++)
        {
            if (i == 0)
            {
                Flag(writer, true, "\"resourceSubscriptions\":["u8);
            }
            else
            {
                writer.WriteByte((byte)',');
            }

            JsonStringWriter.WriteString(writer, request.ResourceUris[i]);
        }

        writer.Write(request.ResourceUris.Count > 0 ? "]}}"u8 : "}}"u8);
        return writer.WrittenSpan.ToArray();
    }

    private static void Flag(PooledByteWriter writer, bool isSet, ReadOnlySpan<byte> member)
    {
        if (!isSet)
        {
            return;
        }

        if (writer.WrittenSpan[^1] != (byte)'{')
        {
            writer.WriteByte((byte)',');
        }

        writer.Write(member);
    }
}
