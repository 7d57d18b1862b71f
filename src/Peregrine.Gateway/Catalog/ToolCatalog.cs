using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Runtime.InteropServices;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Upstreams;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Catalog;

/// <summary>
/// Merges what the upstreams offer into one list: in the order of the configuration, then in that of each upstream. Readers take <see cref="Current"/>
/// without a lock; it is replaced as a whole.
/// </summary>
internal sealed class ToolCatalog
{
    // A list that lacks an upstream still starting must not stay in caches for long.
    private static readonly TimeSpan IncompleteTimeToLive = TimeSpan.FromSeconds(1);

    private const int MaxNameLength = 128;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    private readonly Lock _gate = new();
    private readonly ImmutableArray<Upstream> _upstreams;
    private readonly ulong _key = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(8));
    private readonly byte[] _completeSuffix;
    private readonly byte[] _incompleteSuffix;
    private volatile CatalogSnapshot _current;
    private int _built;

    internal ToolCatalog(ImmutableArray<Upstream> upstreams, ServerIdentity identity, TimeSpan timeToLive)
    {
        _upstreams = upstreams;
        _completeSuffix = identity.CacheableSuffix(timeToLive);
        _incompleteSuffix = identity.CacheableSuffix(timeToLive < IncompleteTimeToLive ? timeToLive : IncompleteTimeToLive);
        _current = Build();
    }

    internal CatalogSnapshot Current => _current;

    /// <summary>Merges anew, after an upstream's tools have changed.</summary>
    internal void Rebuild()
    {
        lock (_gate)
        {
            _current = Build();
        }
    }

    private CatalogSnapshot Build()
    {
        List<CatalogTool> tools = [];
        List<string> dropped = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        var complete = true;
        foreach (var upstream in _upstreams)
        {
            complete &= upstream.HasGathered;
            foreach (var tool in upstream.Tools)
            {
                var fullName = upstream.Prefix.Length == 0 ? tool.Name : $"{upstream.Prefix}{PrefixRules.Separator}{tool.Name}";
                if (fullName.Length is 0 or > MaxNameLength || fullName.AsSpan().ContainsAnyExcept(NameCharacters))
                {
                    dropped.Add($"{upstream.Name}: the name \"{ConfigNode.Shorten(fullName)}\" is not 1 to {MaxNameLength} characters of A-Z, a-z, 0-9, _, - and .");
                }
                else if (!names.Add(fullName))
                {
                    dropped.Add($"{upstream.Name}: another tool is named \"{fullName}\" already");
                }
                else
                {
                    tools.Add(new CatalogTool(fullName, tool, upstream));
                }
            }
        }

        return new CatalogSnapshot
        {
            Number = ++_built,
            Tools = [.. tools],
            Dropped = [.. dropped],
            SessionList = WriteList(tools, "}"u8),
            StatelessList = WriteList(tools, [.. complete ? _completeSuffix : _incompleteSuffix, (byte)'}']),
            Table = new NameTable(tools, _key),
        };
    }

    private static byte[] WriteList(List<CatalogTool> tools, ReadOnlySpan<byte> end)
    {
        using var writer = new PooledByteWriter(16 * 1024);
        writer.Write("{\"tools\":["u8);
        for (var i = 0; i < tools.Count; i++)
        {
            writer.Write(i == 0 ? "{\"name\":"u8 : ",{\"name\":"u8);
            JsonStringWriter.WriteString(writer, tools[i].FullName.AsSpan());
            writer.Write(tools[i].Tool.Members.Span);
            writer.WriteByte((byte)'}');
        }

        writer.WriteByte((byte)']');
        writer.Write(end);
        return writer.WrittenSpan.ToArray();
    }
}
