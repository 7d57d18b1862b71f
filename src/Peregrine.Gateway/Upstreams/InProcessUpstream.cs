using System.Runtime.CompilerServices;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// A server in the gateway's own process. Calls reach it as they came, without a copy: so its tools keep their names, and it gets no prefix.
/// </summary>
internal sealed class InProcessUpstream : Upstream
{
    private readonly IMcpResponder _responder;
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal InProcessUpstream(string name, IMcpResponder responder, GatewayParts parts)
        : base(name, NameRules.None, int.MaxValue, parts.Metrics, parts.Time)
    {
        _responder = responder;
    }

    internal override string Transport => "in-process";

    internal override string Target => "in the gateway's process";

    internal override Task FirstAttempt => _firstAttempt.Task;

    internal override void Start() => _ = ReadAsync();

    public override ValueTask DisposeAsync()
    {
        State = UpstreamState.Stopped;
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private protected override async ValueTask<RequestOutcome> AnswerAsync(McpExchange exchange, ForwardTarget target)
    {
        await _responder.RespondAsync(exchange).ConfigureAwait(false);
        return exchange switch
        {
            { IsCancelled: true } => RequestOutcome.Cancelled,
            { ErrorCode: ErrorCodes.InvalidParams } => RequestOutcome.Invalid,
            { ErrorCode: ErrorCodes.TimedOut } => RequestOutcome.TimedOut,
            { ErrorCode: ErrorCodes.Overloaded } => RequestOutcome.Overloaded,
            { ErrorCode: not 0 } => RequestOutcome.Error,
            _ => IsToolError(exchange.CompleteReply().Span) ? RequestOutcome.ToolError : RequestOutcome.Ok,
        };
    }

    private static bool IsToolError(ReadOnlySpan<byte> reply) =>
        reply.IndexOf("\"isError\":true"u8) >= 0 && EnvelopeReader.TryRead(reply, out var envelope) && ResultFacts.Read(envelope.Result.Of(reply)).IsToolError;

    private async Task ReadAsync()
    {
        try
        {
            var offer = UpstreamOffer.Empty;
            foreach (var kind in OfferKinds.All)
            {
                List<UpstreamItem> items = [];
                byte[] cursor = [];
                do
                {
                    cursor = await ReadPageAsync(kind, cursor, items).ConfigureAwait(false);
                }
                while (cursor.Length > 0);
                offer = offer.With(kind, [.. items]);
            }

            Version = ProtocolVersions.Latest;
            SetOffer(offer);
            State = UpstreamState.Ready;
        }
        catch (Exception exception)
        {
            NoteError(exception.Message);
            State = UpstreamState.Failing;
        }

        _firstAttempt.TrySetResult();
    }

    // Gives the cursor of the next page; empty at the end.
    private async ValueTask<byte[]> ReadPageAsync(OfferKind kind, byte[] cursor, List<UpstreamItem> items)
    {
        byte[] parameters = cursor.Length == 0 ? [] : [.. ",\"params\":{\"cursor\":"u8, .. cursor, .. "}"u8];
        using var exchange = new InProcessExchange([.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""u8, .. kind.ListMethod().ToUtf8(), .. "\""u8, .. parameters, .. "}"u8]);
        await _responder.RespondAsync(exchange).ConfigureAwait(false);
        var reply = exchange.CompleteReply();
        return EnvelopeReader.TryRead(reply.Span, out var envelope) && envelope.Result.IsPresent ? ListParser.Read(kind, envelope.Result.Of(reply.Span), items) : [];
    }
}
