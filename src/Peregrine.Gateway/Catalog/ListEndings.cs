using System.Collections.Immutable;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Catalog;

/// <summary>
/// Makes what stands behind a list: how long it may be kept, and, in <c>_meta</c>, which servers have not answered for it. Immutable and thread-safe.
/// </summary>
internal sealed class ListEndings
{
    // A list that lacks a server must not stay in caches for long.
    private static readonly TimeSpan IncompleteTimeToLive = TimeSpan.FromSeconds(1);

    private readonly byte[] _incomplete;
    private readonly ListEnding _complete;

    /// <summary>Makes it.</summary>
    /// <param name="identity">Who answers.</param>
    /// <param name="timeToLive">How long clients may keep a list that lacks nothing.</param>
    internal ListEndings(ServerIdentity identity, TimeSpan timeToLive)
    {
        _complete = new ListEnding("}"u8.ToArray(), [.. identity.CacheableSuffix(timeToLive), (byte)'}']);

        // Without the brace that closes _meta, its last member.
        _incomplete = identity.CacheableSuffix(timeToLive < IncompleteTimeToLive ? timeToLive : IncompleteTimeToLive)[..^1];
    }

    /// <summary>The ending of lists that lack these servers.</summary>
    internal ListEnding For(ImmutableArray<MissingServer> missing)
    {
        if (missing.IsEmpty)
        {
            return _complete;
        }

        using var writer = new PooledByteWriter(256);
        writer.Write("\"peregrine/missing\":["u8);
        for (var i = 0; i < missing.Length; i++)
        {
            writer.Write(i == 0 ? "{\"server\":"u8 : ",{\"server\":"u8);
            JsonStringWriter.WriteString(writer, missing[i].Server.AsSpan());
            writer.Write(",\"reason\":"u8);
            JsonStringWriter.WriteString(writer, missing[i].Reason.AsSpan());
            writer.WriteByte((byte)'}');
        }

        writer.Write("]}}"u8);
        return new ListEnding([.. ",\"_meta\":{"u8, .. writer.WrittenSpan], [.. _incomplete, (byte)',', .. writer.WrittenSpan]);
    }
}
