using System.Collections.Concurrent;
using Peregrine.JsonSchema.Caching;

namespace Peregrine.JsonSchema;

/// <summary>
/// Compiles each schema once: asked again with the same bytes it gives the same <see cref="JsonSchema"/>. Bounded; threads that ask for one schema at the same time wait for one
/// compilation. A schema that cannot be compiled is not kept: asking again compiles, and throws, again.
/// </summary>
/// <remarks>Thread-safe. A hit takes no lock and allocates nothing: it hashes the bytes and compares them with those kept.</remarks>
public sealed class SchemaCache
{
    private readonly SchemaCacheOptions _options;
    private readonly Lock _eviction = new();

    // Made by the first schema: a program that validates nothing need not have it compiled at its start.
    private Table? _table;
    private long _clock;
    private long _bytes;
    private long _hits;
    private long _misses;
    private long _evictions;

    /// <summary>Makes an empty cache.</summary>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public SchemaCache(SchemaCacheOptions? options = null)
    {
        _options = options ?? SchemaCacheOptions.Default;
        if (_options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        }
    }

    /// <summary>What the cache has done so far. The numbers are read one after the other while others may count.</summary>
    public SchemaCacheCounts Counts =>
        new(Interlocked.Read(ref _hits), Interlocked.Read(ref _misses), Interlocked.Read(ref _evictions), Schemas.All.Count, Interlocked.Read(ref _bytes));

    /// <summary>Gives the compiled schema of a text.</summary>
    /// <param name="utf8">The schema; copied if it must be compiled.</param>
    /// <exception cref="JsonSchemaException">The schema cannot be compiled.</exception>
    public JsonSchema Get(ReadOnlySpan<byte> utf8)
    {
        if (Schemas.Lookup.TryGetValue(utf8, out var known))
        {
            Interlocked.Increment(ref _hits);
            known.LastUse = Interlocked.Increment(ref _clock);
            return known.Schema;
        }

        return Add(utf8.ToArray());
    }

    private Table Schemas => Volatile.Read(ref _table) ?? Interlocked.CompareExchange(ref _table, new Table(), null) ?? _table;

    private JsonSchema Add(byte[] utf8)
    {
        var text = new SchemaText(utf8);
        var added = new CachedSchema(utf8, _options.Schema) { LastUse = Interlocked.Increment(ref _clock) };
        var cached = Schemas.All.GetOrAdd(text, added);
        if (!ReferenceEquals(cached, added))
        {
            Interlocked.Increment(ref _hits);
            return cached.Schema;
        }

        Interlocked.Increment(ref _misses);
        Interlocked.Add(ref _bytes, utf8.Length);
        try
        {
            var schema = added.Schema;
            MakeRoom();
            return schema;
        }
        catch
        {
            Drop(text, added);
            throw;
        }
    }

    private void MakeRoom()
    {
        if (Schemas.All.Count <= _options.MaxSchemas && Interlocked.Read(ref _bytes) <= _options.MaxBytes)
        {
            return;
        }

        lock (_eviction)
        {
            // A tenth at a time: looking for the oldest looks at all of them.
            var count = Schemas.All.Count;
            var most = count > _options.MaxSchemas ? _options.MaxSchemas - (_options.MaxSchemas / 10) : count;
            foreach (var (text, schema) in Schemas.All.ToArray().OrderBy(static s => s.Value.LastUse))
            {
                if (count <= most && Interlocked.Read(ref _bytes) <= _options.MaxBytes)
                {
                    break;
                }

                count -= Drop(text, schema) ? 1 : 0;
                Interlocked.Increment(ref _evictions);
            }
        }
    }

    private bool Drop(SchemaText text, CachedSchema schema)
    {
        var dropped = Schemas.All.TryRemove(KeyValuePair.Create(text, schema));
        Interlocked.Add(ref _bytes, dropped ? -text.Length : 0);
        return dropped;
    }

    private sealed class Table
    {
        internal Table() => Lookup = All.GetAlternateLookup<ReadOnlySpan<byte>>();

        internal ConcurrentDictionary<SchemaText, CachedSchema> All { get; } = new(SchemaText.Comparer);

        internal ConcurrentDictionary<SchemaText, CachedSchema>.AlternateLookup<ReadOnlySpan<byte>> Lookup { get; }
    }
}
