using System.Runtime.CompilerServices;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;
using Peregrine.Server.Subscriptions;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// A server in the gateway's own process. Calls reach it as they came, without a copy: so its tools keep their names, and it gets no prefix. What it says of changes is heard at once.
/// </summary>
internal sealed class InProcessUpstream : Upstream, IThreadPoolWorkItem
{
    // Beside the lists that are to be read: somebody reads, or is about to.
    private const int Reading = 1 << 8;

    private readonly IMcpResponder _responder;
    private readonly IWorkScheduler _scheduler;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pending = Reading;

    internal InProcessUpstream(string name, IMcpResponder responder, GatewayParts parts)
        : base(name, NameRules.None, int.MaxValue, parts)
    {
        _responder = responder;
        _scheduler = parts.Scheduler;
        _time = parts.Time;
    }

    internal override string Transport => "in-process";

    internal override string Target => "in the gateway's process";

    internal override Task FirstAttempt => _firstAttempt.Task;

    internal override void Start()
    {
        if (_responder is IChangeSource source)
        {
            source.ListsChanged += NoteListsChanged;
            source.ResourceUpdated += NoteUpdated;
        }

        _ = ReadFirstAsync();
    }

    /// <summary>Reads lists that have changed.</summary>
    public void Execute() => _ = ReadChangesAsync();

    public override ValueTask DisposeAsync()
    {
        if (_responder is IChangeSource source)
        {
            source.ListsChanged -= NoteListsChanged;
            source.ResourceUpdated -= NoteUpdated;
        }

        State = UpstreamState.Stopped;
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private protected override async ValueTask<RequestOutcome> AnswerAsync(McpExchange exchange, ForwardTarget target)
    {
        if (target.Timeout == TimeSpan.Zero)
        {
            // As long as the server itself lets it: it has limits of its own.
            await _responder.RespondAsync(exchange).ConfigureAwait(false);
        }
        else if (!await new InProcessCall(_responder, exchange).RunAsync(target.Timeout, _time, _scheduler).ConfigureAwait(false))
        {
            exchange.Fail(ErrorCodes.TimedOut, $"The server \"{Name}\" did not answer within {WaitedTime.Describe(target.Timeout)}; the call was cancelled there", "{\"retryable\":false}"u8);
            return RequestOutcome.TimedOut;
        }

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

    // Called under the lock of whoever changes the lists: they are read elsewhere.
    private void NoteListsChanged(RegistryChange change)
    {
        foreach (var kind in OfferKinds.All)
        {
            if ((kind.ChangeOf() & change) != RegistryChange.None)
            {
                NoteListChanged(kind);
            }
        }

        if ((Interlocked.Or(ref _pending, (int)change | Reading) & Reading) == 0)
        {
            _scheduler.Schedule(this);
        }
    }

    private async Task ReadFirstAsync()
    {
        Version = ProtocolVersions.Latest;
        await ReadAsync(OfferKinds.All, RegistryChange.None).ConfigureAwait(false);
        _firstAttempt.TrySetResult();
        await ReadChangesAsync().ConfigureAwait(false);
    }

    // Changes while lists are read are read when that is done: one reading at a time, so that an older list never takes the place of a newer one.
    private async Task ReadChangesAsync()
    {
        while (Interlocked.CompareExchange(ref _pending, 0, Reading) != Reading)
        {
            var change = (RegistryChange)(Interlocked.Exchange(ref _pending, Reading) & ~Reading);
            await ReadAsync([.. OfferKinds.All.Where(kind => (kind.ChangeOf() & change) != RegistryChange.None)], change).ConfigureAwait(false);
        }
    }

    // Never fails.
    private async Task ReadAsync(OfferKind[] kinds, RegistryChange told)
    {
        try
        {
            var offer = Offer;
            foreach (var kind in kinds)
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

            State = UpstreamState.Ready;
            SetOffer(offer, told);
        }
        catch (Exception exception)
        {
            NoteError(exception.Message);
            State = HasGathered ? State : UpstreamState.Failing;
        }
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
