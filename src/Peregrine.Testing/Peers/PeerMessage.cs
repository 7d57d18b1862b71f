using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Testing.Peers;

/// <summary>A message that a misbehaving peer is about to send.</summary>
/// <param name="Number">Which of its messages it is, counted from 1.</param>
/// <param name="Json">The message, without its line feed.</param>
public readonly record struct PeerMessage(int Number, ReadOnlyMemory<byte> Json)
{
    /// <summary>The method of a request or a notification; null for a reply.</summary>
    public string? Method
    {
        get
        {
            _ = EnvelopeReader.TryRead(Json.Span, out var envelope);
            return JsonText.TryGetString(envelope.MethodName.Of(Json.Span), out var method) ? method : null;
        }
    }

    /// <summary>True where it answers a request.</summary>
    public bool IsReply
    {
        get
        {
            _ = EnvelopeReader.TryRead(Json.Span, out var envelope);
            return envelope.Kind is MessageKind.Response or MessageKind.Error;
        }
    }

    /// <summary>The message under another id; as it is where it has none.</summary>
    internal byte[] UnderAnotherId()
    {
        _ = EnvelopeReader.TryRead(Json.Span, out var envelope);
        var id = envelope.Id;
        return id.IsPresent
            ? [.. Json.Span[..id.Start], .. "\"nobody's-"u8, .. System.Text.Encoding.UTF8.GetBytes(Number.ToString(System.Globalization.CultureInfo.InvariantCulture)), (byte)'"', .. Json.Span[(id.Start + id.Length)..]]
            : Json.ToArray();
    }
}
