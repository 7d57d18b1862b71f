using Peregrine.Client.Json;
using Peregrine.Client.Pipeline;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Reliability;

/// <summary>Says what is known about a call that ended without a result.</summary>
internal static class OutcomeReport
{
    /// <summary>Keeps the outcome with an exception.</summary>
    internal static Exception With(Exception exception, CallRecord record, ClientRequest request)
    {
        Attach(exception, record, request);
        return exception;
    }

    /// <summary>Keeps the outcome with an exception. Gives false, so that it can stand in an exception filter.</summary>
    internal static bool Attach(Exception exception, CallRecord record, ClientRequest request)
    {
        if (request.Method == McpMethod.ToolsCall)
        {
            Of(exception, record).AttachTo(exception);
        }

        return false;
    }

    /// <summary>The same for an error that the server answered with, which the client makes an exception of after all steps.</summary>
    internal static void Attach(McpPeerException exception, ClientRequest request)
    {
        if (request.State is CallRecord record)
        {
            Of(exception, record).AttachTo(exception);
        }
    }

    private static CallOutcome Of(Exception exception, CallRecord record)
    {
        var outcome = record.Outcome;
        return exception switch
        {
            CallNotSentException => outcome with { Unknown = record.MayHaveRun },
            McpTransportException transport => outcome with { Unknown = transport.MayHaveRun },
            McpPeerException peer => OfPeer(outcome, peer) with { Unknown = peer.Code is ErrorCodes.OutcomeUnknown || record.MayHaveRun },

            // Given up by the caller: what was sent may run.
            _ => outcome with { Unknown = record.MayRun },
        };
    }

    private static CallOutcome OfPeer(CallOutcome outcome, McpPeerException peer)
    {
        var data = ObjectReader.Find(peer.Error.Span, "data"u8);
        var meta = ObjectReader.Find(data, "mcp_tx"u8);
        return outcome.With(meta.IsEmpty ? ObjectReader.Find(ObjectReader.Find(data, "_meta"u8), "mcp_tx"u8) : meta);
    }
}
