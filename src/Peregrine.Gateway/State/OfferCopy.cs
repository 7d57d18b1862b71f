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

    // Names may hold anything, and file names may not.
    private static string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));

    /// <summary>The name of the entry of a server, or of one of its further places.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="member">The place's name; null for the server's own entry in the configuration.</param>
    internal static string EntryOf(string server, string? member = null) => member is null ? $"catalog-{Hash(server)}.jsonl" : $"catalog-{Hash(server)}-{Hash(member)}.jsonl";

    /// <summary>Writes a copy.</summary>
    /// <param name="target">What the server is: a copy is good for no other.</param>
    /// <param name="offer">What it offers.</param>
    internal static byte[] Write(string target, UpstreamOffer offer)
    {
        using var writer = new PooledByteWriter(16 * 1024);
        WriteHead(writer, "catalog", target);
        foreach (var kind in OfferKinds.All)
        {
            WriteList(writer, kind, offer[kind]);
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a copy.</summary>
    /// <returns>What it holds; null where it is another server's, of another form, or damaged.</returns>
    internal static UpstreamOffer? Read(string target, ReadOnlySpan<byte> content)
    {
        using var head = new PooledByteWriter(128);
        WriteHead(head, "catalog", target);
        if (content.Count((byte)'\n') != Lines || !content.StartsWith(head.WrittenSpan))
        {
            return null;
        }

        content = content[head.Length..];
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

    /// <summary>Writes the line that says what follows, and whose it is.</summary>
    internal static void WriteHead(PooledByteWriter writer, string what, string target)
    {
        writer.Write("{\"peregrine\":"u8);
        JsonStringWriter.WriteString(writer, what.AsSpan());
        writer.Write(",\"format\":1,\"target\":"u8);
        JsonStringWriter.WriteString(writer, target.AsSpan());
        writer.Write("}\n"u8);
    }

    /// <summary>Writes a line with a list, in the form of the results that list them.</summary>
    internal static void WriteList(PooledByteWriter writer, OfferKind kind, IEnumerable<UpstreamItem> items)
    {
        writer.Write("{\""u8);
        writer.Write(kind.ListMember());
        writer.Write("\":["u8);
        var first = true;
        foreach (var item in items)
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
}
