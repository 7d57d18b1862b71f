using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Duplex;

/// <summary>
/// Under which revision the messages of one connection are answered. The client's way of opening decides (2026-07-28, versioning): <c>_meta</c> makes a request stateless,
/// <c>initialize</c> opens the session era for the rest. For the reader's thread only.
/// </summary>
internal sealed class EraChoice
{
    private ProtocolVersion _negotiated;

    /// <summary>True where an error whose id could not be read leaves the id out.</summary>
    internal bool OmitsUnreadableId => _negotiated.OmitsUnreadableId();

    /// <summary>Gives the request its revision.</summary>
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
        }
        else if (EraRules.Exists(exchange.Method, ProtocolEra.Stateless) && !EraRules.Exists(exchange.Method, ProtocolEra.Session))
        {
            exchange.Answer(ProtocolVersions.Latest);
            return EraRules.TryJudgeStateless(exchange, out _);
        }

        exchange.Answer(_negotiated == ProtocolVersion.Unknown ? ProtocolVersions.LatestOfSessionEra : _negotiated);
        return EraRules.TryJudgeMethod(exchange, ProtocolEra.Session);
    }
}
