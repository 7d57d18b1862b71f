using Microsoft.AspNetCore.Http;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Batches;
using Peregrine.Server.AspNetCore.Sessions;

namespace Peregrine.Server.AspNetCore.Http;

// Batches, which 2025-03-26 brought and 2025-06-18 took away.
internal sealed partial class HttpFront
{
    /// <summary>Answers an array, where its sender's revision has batches.</summary>
    /// <returns>False where it is to be refused like any other message that is none.</returns>
    private async ValueTask<bool> TryAnswerBatchAsync(HttpContext context, HttpExchange exchange)
    {
        var headers = context.Request.Headers;
        var header = headers[McpHeaderNames.ProtocolVersion];
        var version = header.Count == 0 ? ProtocolVersion.Unknown : ProtocolVersions.Parse(header.ToString().AsSpan().Trim());
        if (header.Count > 0 && version is not (ProtocolVersion.V2024_11_05 or ProtocolVersion.V2025_03_26))
        {
            return false;
        }

        // Without header and session a server may assume 2025-03-26.
        exchange.Answer(ProtocolVersion.V2025_03_26);
        if (headers[McpHeaderNames.SessionId] is { Count: > 0 } id && !SessionRules.TryJoin(exchange, _sessions, id.ToString(), version))
        {
            await HttpReplies.SendAsync(context, exchange).ConfigureAwait(false);
            return true;
        }

        if (exchange.Version > ProtocolVersion.V2025_03_26)
        {
            return false;
        }

        var count = BatchReader.Count(exchange.Body.Span, _options.MaxBatchMessages);
        if (count == 0 || count > _options.MaxBatchMessages)
        {
            exchange.FailRequest(ErrorCodes.InvalidRequest, count == 0
                ? "Invalid request: a batch must not be empty"
                : $"Invalid request: a batch may have {_options.MaxBatchMessages} messages; send more in further batches");
            await HttpReplies.SendAsync(context, exchange).ConfigureAwait(false);
            return true;
        }

        (exchange.Session as HttpSession)?.Touch();
        using var batch = new HttpBatch(context, exchange, _responder, ThreadPoolScheduler.Instance, _logger);
        await batch.RespondAsync().ConfigureAwait(false);
        return true;
    }
}
