using System.Runtime.CompilerServices;
using Peregrine.Client.Connecting;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Pipeline;

/// <summary>The last step: one attempt on the open conversation, or on a new one where that was lost. Sends nothing twice.</summary>
internal sealed class ConnectionSender(ClientLink link) : RequestPipeline
{
    internal override ValueTask<McpReply> SendAsync(ClientRequest request, CancellationToken cancellationToken)
    {
        var conversation = link.Current;
        return conversation.IsLost
            ? ReopenAndSendAsync(request, cancellationToken)
            : SendOnAsync(conversation, request, cancellationToken);
    }

    private async ValueTask<McpReply> ReopenAndSendAsync(ClientRequest request, CancellationToken cancellationToken)
    {
        var conversation = await link.GetAsync(cancellationToken).ConfigureAwait(false);
        return await SendOnAsync(conversation, request, cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<McpReply> SendOnAsync(Conversation conversation, ClientRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await conversation.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (McpTransportException exception) when (conversation.NoteFault(exception))
        {
            throw;
        }
    }
}
