using System.Security.Cryptography;
using System.Text;
using Peregrine.Gateway.Catalog;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Gateway.State;

/// <summary>
/// The last good copy of what a server offers, so that a gateway that starts has its lists before its servers are up: a line that says whose copy it is, then a list of each kind, each
/// on a line of its own.
/// </summary>
internal static class OfferCopy
{
    private const int Lines = 5;

    /// <summary>The name of a server's entry.</summary>
    internal static string EntryOf(string server) => $"catalog-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(server)).AsSpan(0, 8))}.jsonl";

    /// <summary>Writes a copy.</summary>
    /// <param name="target">What the server is: a copy is good for no other.</param>
    /// <param name="offer">What it offers.</param>
    internal static byte[] Write(string target, UpstreamOffer offer)
    {
        using var writer = new PooledByteWriter(16 * 1024);
        writer.Write(Head(target));
        writer.WriteByte((byte)'\n');
        foreach (var kind in OfferKinds.All)
        {
            writer.Write("{\""u8);
            writer.Write(kind.ListMember());
            writer.Write("\":["u8);
            var first = true;
            foreach (var item in offer[kind])
            {
                writer.Write(first ? "{\""u8 : ",{\""u8);
                writer.Write(kind.KeyMember());
                writer.Write("\":"u8);
                writer.Write(item.KeyJson.Span);
                writer.Write(item.Members.Span);
                writer.WriteByte((byte)'}');
                first = false;
            }

            writer.Write("]}\n"u8);
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a copy.</summary>
    /// <returns>What it holds; null where it is another server's, of another form, or damaged.</returns>
    internal static UpstreamOffer? Read(string target, ReadOnlySpan<byte> content)
    {
        var head = Head(target);
        if (content.Count((byte)'\n') != Lines || !content.StartsWith(head) || content[head.Length] != (byte)'\n')
        {
            return null;
        }

        content = content[(head.Length + 1)..];
        var offer = UpstreamOffer.Empty;
        foreach (var kind in OfferKinds.All)
        {
            var end = content.IndexOf((byte)'\n');
            List<UpstreamItem> items = [];
            try
            {
                ListParser.Read(kind, content[..end], items);
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }

            offer = offer.With(kind, [.. items]);
            content = content[(end + 1)..];
        }

        return offer;
    }

    private static byte[] Head(string target)
    {
        using var writer = new PooledByteWriter(128);
        writer.Write("{\"peregrine\":\"catalog\",\"format\":1,\"target\":"u8);
        JsonStringWriter.WriteString(writer, target.AsSpan());
        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }
}
