using Peregrine.Client.Calling;
using Peregrine.Client.Listing;
using Peregrine.Client.Resources;
using Peregrine.Client.Subscriptions;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Transport.Connections;

namespace Peregrine.Client;

/// <content>Resources and subscriptions.</content>
public sealed partial class PeregrineClient
{
    private static readonly ListReader<RemoteResource> ResourceList = new(
        McpMethod.ResourcesList, "resources"u8.ToArray(), "uri"u8.ToArray(), static (uri, definition) => new RemoteResource(uri, definition));

    private static readonly ListReader<RemoteResourceTemplate> TemplateList = new(
        McpMethod.ResourcesTemplatesList, "resourceTemplates"u8.ToArray(), "uriTemplate"u8.ToArray(), static (uri, definition) => new RemoteResourceTemplate(uri, definition));

    private readonly SessionTopics _topics = new();

    /// <summary>All resources the server lists, all pages of them, in the server's order.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<IReadOnlyList<RemoteResource>> ListResourcesAsync(CancellationToken cancellationToken = default) => ListAsync(ResourceList, cancellationToken);

    /// <summary>One page of the list of resources.</summary>
    /// <param name="cursor">Where to go on, from the page before; null for the first page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<ListPage<RemoteResource>> ListResourcesPageAsync(string? cursor, CancellationToken cancellationToken = default) =>
        ListPageAsync(ResourceList, cursor, cancellationToken);

    /// <summary>All resource templates the server lists, all pages of them, in the server's order.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<IReadOnlyList<RemoteResourceTemplate>> ListResourceTemplatesAsync(CancellationToken cancellationToken = default) => ListAsync(TemplateList, cancellationToken);

    /// <summary>One page of the list of resource templates.</summary>
    /// <param name="cursor">Where to go on, from the page before; null for the first page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<ListPage<RemoteResourceTemplate>> ListResourceTemplatesPageAsync(string? cursor, CancellationToken cancellationToken = default) =>
        ListPageAsync(TemplateList, cursor, cancellationToken);

    /// <summary>Reads a resource.</summary>
    /// <param name="uri">Its URI.</param>
    /// <param name="options">What is different from the client's settings; null for nothing.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <returns>Its contents; dispose them.</returns>
    /// <exception cref="McpPeerException">The server refused, for instance because it has no such resource (-32602, in the session era -32002).</exception>
    /// <exception cref="McpTransportException">No reply.</exception>
    public async ValueTask<ResourceContent> ReadResourceAsync(string uri, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var reply = await _rounds.SendAsync(Ask(McpMethod.ResourcesRead, uri, UriHead(uri), default, options), cancellationToken).ConfigureAwait(false);
        return new ResourceContent(Complete(reply));
    }

    /// <summary>
    /// Subscribes to changes at the server. What it does not offer is an error where it says so (<see cref="McpPeerException"/>), else it just never comes.
    /// </summary>
    /// <param name="request">What to be told about, and who takes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The subscription, once the server has agreed. It survives reconnects; dispose it to end it.</returns>
    /// <exception cref="ArgumentException">The request is not valid.</exception>
    public async ValueTask<RemoteSubscription> SubscribeAsync(SubscriptionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        var subscription = new RemoteSubscription(_link, _events, _topics, request, _options);
        await subscription.BeginAsync(cancellationToken).ConfigureAwait(false);
        return subscription;
    }

    private static byte[] UriHead(string uri)
    {
        using var writer = new PooledByteWriter(32 + uri.Length);
        writer.Write("{\"uri\":"u8);
        JsonStringWriter.WriteString(writer, uri);
        return writer.WrittenSpan.ToArray();
    }

    // A reply that may still ask for input, which no caller of these methods could give.
    private McpReply Complete(McpReply reply)
    {
        reply.ThrowIfError();
        if (!Interaction.InputQuestion.IsAsked(reply.Result.Span))
        {
            return reply;
        }

        reply.Dispose();
        throw InvalidReply("asks for input that this client has no handler for (OnElicitation, OnSampling, OnRoots)");
    }
}
