using Peregrine.Client.Connecting;
using Peregrine.Client.Pipeline;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Reliability;

/// <summary>
/// Sends keyed calls the way that their server understands: with <c>mcp_tx</c> where it keeps a ledger, plainly where it does not. Looks anew at each attempt, for a restarted server may have
/// another ledger, or none. Thread-safe.
/// </summary>
internal sealed class TransactionStep(RequestPipeline next, ClientLink link) : RequestPipeline
{
    internal override ValueTask<McpReply> SendAsync(ClientRequest request, CancellationToken cancellationToken) =>
        request.State is CallRecord { Transaction: { } transaction } record
            ? SendKeyedAsync(request, record, transaction, cancellationToken)
            : next.SendAsync(request, cancellationToken);

    private async ValueTask<McpReply> SendKeyedAsync(ClientRequest request, CallRecord record, Transaction transaction, CancellationToken cancellationToken)
    {
        var conversation = await link.GetAsync(cancellationToken).ConfigureAwait(false);
        if (conversation.Agreement.Transactions is { } support)
        {
            request.Meta = transaction.Begin(support, record.Retries, request.Timeout);
        }
        else if (record.MayHaveRun && request.Safety == RequestSafety.Unknown)
        {
            throw new McpTransportException(
                TransportFault.ConnectionLost,
                $"{conversation.Connection.Peer} keeps no ledger any more, and an earlier attempt of this call may have run: it was not sent again.",
                mayHaveRun: true);
        }
        else
        {
            transaction.BeginWithout();
            request.Meta = transaction.MetaWithout;
        }

        return await next.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
