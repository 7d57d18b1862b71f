using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;
using Peregrine.Server.Fronts;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Duplex;

/// <summary>
/// Under which revision the messages of one connection are answered. The client's way of opening decides (2026-07-28, versioning): <c>_meta</c> makes a request stateless,
/// <c>initialize</c> opens the session era for the rest. For the reader's thread only.
/// </summary>
internal sealed class EraChoice(DuplexFront front)
{
    private ProtocolVersion _negotiated;
    private DuplexSession? _session;

    /// <summary>True where an error whose id could not be read leaves the id out.</summary>
    internal bool OmitsUnreadableId => _negotiated.OmitsUnreadableId();

    /// <summary>True where the client may send batches: its revision is 2025-03-26, or the older one that says nothing of them.</summary>
    internal bool TakesBatches => _negotiated is ProtocolVersion.V2024_11_05 or ProtocolVersion.V2025_03_26;

    /// <summary>The session that the client opened last, or null.</summary>
    internal DuplexSession? Session => Volatile.Read(ref _session);

    /// <summary>Gives the request its revision, and its session where it belongs to one.</summary>
    /// <returns>False where the request was answered with an error.</returns>
    internal bool TryChoose(DuplexExchange exchange)
    {
        if (exchange.Envelope.HasStatelessMeta)
        {
            exchange.Answer(ProtocolVersions.Latest);
            if (!EraRules.TryJudgeStateless(exchange, out var version))
            {
                return false;
            }

            exchange.Answer(version);
            return EraRules.TryJudgeMethod(exchange, ProtocolEra.Stateless);
        }

        if (exchange.Method == McpMethod.Initialize)
        {
            exchange.Answer(ProtocolVersions.LatestOfSessionEra);
            if (!EraRules.TryNegotiate(exchange, out _negotiated))
            {
                return false;
            }

            Open(exchange);
        }
        else if (EraRules.Exists(exchange.Method, ProtocolEra.Stateless) && !EraRules.Exists(exchange.Method, ProtocolEra.Session))
        {
            exchange.Answer(ProtocolVersions.Latest);
            return EraRules.TryJudgeStateless(exchange, out _);
        }

        exchange.Answer(_negotiated == ProtocolVersion.Unknown ? ProtocolVersions.LatestOfSessionEra : _negotiated);
        exchange.Session = _session;
        return EraRules.TryJudgeMethod(exchange, ProtocolEra.Session);
    }

    // A second initialize begins anew: what the first one's calls still wait for will not come.
    private void Open(DuplexExchange exchange)
    {
        var client = InitializeParams.ReadCapabilities(exchange.Body.Span, exchange.Envelope);
        var info = InitializeParams.ReadClientInfo(exchange.Body.Span, exchange.Envelope);
        Interlocked.Exchange(ref _session, new DuplexSession(_negotiated, client, front) { ClientInfo = info })?.Close();
    }
}
