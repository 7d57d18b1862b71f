using System.Text.Json;
using Peregrine.Client.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Reliability;

/// <summary>Tells classes of failures apart.</summary>
internal static class FailureClassifier
{
    /// <summary>Classifies what an attempt threw.</summary>
    internal static FailureClass Of(Exception exception, out TimeSpan? after)
    {
        after = null;
        if (exception is not McpTransportException transport)
        {
            return FailureClass.Final;
        }

        after = transport.RetryAfter;
        return transport.Fault switch
        {
            TransportFault.SessionLost => FailureClass.SessionLost,
            TransportFault.ConnectFailed => FailureClass.NotRun,
            TransportFault.ConnectionLost or TransportFault.TimedOut => transport.MayHaveRun ? FailureClass.Broken : FailureClass.NotRun,

            // Closed on this side before it was sent: a connection that was just given up for a lost session. Where the client itself was closed the next attempt says the same.
            TransportFault.Closed when !transport.MayHaveRun => FailureClass.SessionLost,
            TransportFault.InvalidReply => FailureClass.Broken,
            TransportFault.HttpStatus => OfStatus(transport.StatusCode),
            _ => FailureClass.Final,
        };
    }

    /// <summary>Classifies a reply that is an error.</summary>
    internal static FailureClass Of(in McpReply reply, out TimeSpan? after)
    {
        after = null;
        var code = reply.ErrorCode;
        if (code is ErrorCodes.Overloaded or ErrorCodes.Draining or ErrorCodes.NoHealthyServer)
        {
            after = RetryAfter(reply.Error.Span);
            return FailureClass.NotRun;
        }

        // 4002: its method may still be running. 4005: where the ledger only could not tell now, it can be asked again under the same key.
        return code == ErrorCodes.TimedOut || (code == ErrorCodes.OutcomeUnknown && IsRetryable(reply.Error.Span)) ? FailureClass.Broken
            : code is 0 or ErrorCodes.InternalError && reply.StatusCode is 408 or 429 or 502 or 503 or 504 ? OfStatus(reply.StatusCode)
            : FailureClass.Final;
    }

    // 429 says that the request was turned away. A 503 may come from a proxy that had passed the request on.
    private static FailureClass OfStatus(int status) => status switch
    {
        429 => FailureClass.NotRun,
        408 or 502 or 503 or 504 => FailureClass.Broken,
        _ => FailureClass.Final,
    };

    private static bool IsRetryable(ReadOnlySpan<byte> error) => ObjectReader.Find(ObjectReader.Find(error, "data"u8), "retryable"u8).SequenceEqual("true"u8);

    private static TimeSpan? RetryAfter(ReadOnlySpan<byte> error)
    {
        var raw = ObjectReader.Find(ObjectReader.Find(error, "data"u8), "retryAfterMs"u8);
        if (raw.IsEmpty)
        {
            return null;
        }

        var reader = new Utf8JsonReader(raw);
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && value is >= 0 and <= 86_400_000
            ? TimeSpan.FromMilliseconds(value)
            : null;
    }
}
