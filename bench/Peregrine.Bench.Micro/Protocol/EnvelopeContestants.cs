using System.Text.Json;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Bench.Micro.Protocol;

/// <summary>The three ways to take a message apart that are compared.</summary>
internal static class EnvelopeContestants
{
    public static int ReadEnvelope(byte[] message)
    {
        if (!EnvelopeReader.TryRead(message, out var envelope))
        {
            throw new InvalidOperationException(envelope.Fault.ToString());
        }

        return envelope.Arguments.Length + (int)envelope.Method;
    }

    public static int ParseDocument(byte[] message)
    {
        using var document = JsonDocument.Parse(message);
        return (int)document.RootElement.ValueKind;
    }

    public static int Deserialize(byte[] message) => JsonSerializer.Deserialize(message, RpcMessageContext.Default.RpcMessage)!.Method!.Length;
}
