using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Peregrine.Gateway.Catalog;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Gateway.State;

/// <summary>The pinned definitions of a server's tools as they are kept: a line that says whose they are, then a list of tools.</summary>
internal static class PinnedTools
{
    /// <summary>The name of a server's entry.</summary>
    internal static string EntryOf(string server) => $"pins-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(server)).AsSpan(0, 8))}.jsonl";

    /// <summary>Writes them.</summary>
    /// <param name="target">What the server is: pins are good for no other.</param>
    /// <param name="tools">The definitions.</param>
    internal static byte[] Write(string target, IEnumerable<UpstreamItem> tools)
    {
        using var writer = new PooledByteWriter(16 * 1024);
        OfferCopy.WriteHead(writer, "pins", target);
        OfferCopy.WriteList(writer, OfferKind.Tool, tools);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads them.</summary>
    /// <param name="target">What the server is.</param>
    /// <param name="content">What was written.</param>
    /// <param name="isDamaged">True where it is not what was written; false where it is another server's.</param>
    /// <returns>The definitions; none where they are another server's, or damaged.</returns>
    internal static List<UpstreamItem> Read(string target, ReadOnlySpan<byte> content, out bool isDamaged)
    {
        using var head = new PooledByteWriter(128);
        OfferCopy.WriteHead(head, "pins", target);
        List<UpstreamItem> tools = [];
        if (!content.StartsWith(head.WrittenSpan))
        {
            isDamaged = content.IndexOf((byte)'\n') < 0;
            return tools;
        }

        content = content[head.Length..];
        try
        {
            isDamaged = content.IsEmpty || content[^1] != (byte)'\n';
            if (!isDamaged)
            {
                ListParser.Read(OfferKind.Tool, content[..^1], tools);
            }
        }
        catch (JsonException)
        {
            isDamaged = true;
            tools.Clear();
        }

        return tools;
    }
}
