using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Versions;

namespace Peregrine.Server.Pagination;

/// <summary>
/// One list of one registry snapshot, as bytes: each page is serialised when it is first asked for, once per era. Thread-safe; two threads that ask first may both serialise,
/// and one result is kept.
/// </summary>
internal sealed class PagedList
{
    private readonly IListSource _source;
    private readonly ListSettings _settings;
    private readonly byte[]?[] _sessionPages;
    private readonly byte[]?[] _statelessPages;
    private ulong[]? _anchors;
    private byte[]? _fingerprint;

    internal PagedList(IListSource source, ListSettings settings)
    {
        _source = source;
        _settings = settings;
        var pages = Math.Max(1, (source.Count + settings.PageSize - 1) / settings.PageSize);
        _sessionPages = new byte[]?[pages];
        _statelessPages = new byte[]?[pages];
    }

    /// <summary>The first page: a result, which never changes.</summary>
    internal byte[] First(ProtocolEra era) => Page(0, era);

    /// <summary>The page at a cursor.</summary>
    /// <param name="text">What the client sent, unescaped.</param>
    /// <param name="era">The client's era.</param>
    /// <param name="page">A result, which never changes.</param>
    /// <returns>
    /// False where the cursor is not ours, is one of another list, or points behind an item that the list no longer has.
    /// </returns>
    internal bool TryGetPage(ReadOnlySpan<byte> text, ProtocolEra era, out byte[] page)
    {
        page = [];
        if (!_settings.Seal.TryOpen(text, out var cursor) || cursor.List != _source.Kind)
        {
            return false;
        }

        var start = cursor.Position;
        if (cursor.Fingerprint != Fingerprint || start > _source.Count)
        {
            // The list is another one by now. The item before the place tells where to go on, as long as it is there.
            start = Array.IndexOf(Anchors, cursor.Anchor) + 1;
            if (start == 0)
            {
                return false;
            }
        }

        page = start % _settings.PageSize == 0 && start < _source.Count ? Page(start / _settings.PageSize, era) : Serialise(start, era);
        return true;
    }

    // Eight bytes: mixed up by accident only where 2^32 lists are about, and a cursor of another list would merely skip items.
    private ulong Fingerprint
    {
        get
        {
            if (Volatile.Read(ref _fingerprint) is not { } known)
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                Span<byte> anchor = stackalloc byte[sizeof(ulong)];
                foreach (var value in Anchors)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(anchor, value);
                    hash.AppendData(anchor);
                }

                known = hash.GetHashAndReset();
                Volatile.Write(ref _fingerprint, known);
            }

            return BinaryPrimitives.ReadUInt64LittleEndian(known);
        }
    }

    private ulong[] Anchors
    {
        get
        {
            if (Volatile.Read(ref _anchors) is not { } known)
            {
                known = new ulong[_source.Count];
                for (var i = 0; i < known.Length; i++)
                {
                    known[i] = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(_source.NameAt(i))));
                }

                Volatile.Write(ref _anchors, known);
            }

            return known;
        }
    }

    private byte[] Page(int number, ProtocolEra era)
    {
        ref var kept = ref (era == ProtocolEra.Stateless ? _statelessPages : _sessionPages)[number];
        var page = Volatile.Read(ref kept);
        if (page is null)
        {
            page = Serialise(number * _settings.PageSize, era);
            Volatile.Write(ref kept, page);
        }

        return page;
    }

    private byte[] Serialise(int start, ProtocolEra era)
    {
        using var writer = new PooledByteWriter(4096);
        writer.Write(_source.Head);
        var end = (int)Math.Min(_source.Count, (long)start + _settings.PageSize);
        for (var i = start; i < end; i++)
        {
            if (i > start)
            {
                writer.WriteByte((byte)',');
            }

            _source.WriteItem(writer, i);
        }

        writer.WriteByte((byte)']');
        if (end < _source.Count)
        {
            writer.Write(",\"nextCursor\":\""u8);
            writer.Write(Encoding.ASCII.GetBytes(_settings.Seal.Seal(new Cursor(_source.Kind, end, Fingerprint, Anchors[end - 1]))));
            writer.WriteByte((byte)'"');
        }

        if (era == ProtocolEra.Stateless)
        {
            writer.Write(_settings.StatelessSuffix);
        }

        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }
}
