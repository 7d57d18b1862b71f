using System.Diagnostics.CodeAnalysis;

namespace Peregrine.JsonSchema.Caching;

/// <summary>The bytes of a schema as a key. Found by bytes that lie elsewhere, without copying them.</summary>
internal readonly struct SchemaText(byte[] utf8)
{
    private readonly byte[] _utf8 = utf8;

    public static IEqualityComparer<SchemaText> Comparer { get; } = new BytesComparer();

    public int Length => _utf8.Length;

    private sealed class BytesComparer : IEqualityComparer<SchemaText>, IAlternateEqualityComparer<ReadOnlySpan<byte>, SchemaText>
    {
        public bool Equals(SchemaText x, SchemaText y) => x._utf8.AsSpan().SequenceEqual(y._utf8);

        public bool Equals(ReadOnlySpan<byte> alternate, SchemaText other) => alternate.SequenceEqual(other._utf8);

        public int GetHashCode([DisallowNull] SchemaText obj) => GetHashCode(obj._utf8.AsSpan());

        // HashCode has a seed of its own in each process: nobody can send schemas that all fall into one bucket.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public SchemaText Create(ReadOnlySpan<byte> alternate) => new(alternate.ToArray());
    }
}
