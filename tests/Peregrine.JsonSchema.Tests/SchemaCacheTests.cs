using System.Text;

namespace Peregrine.JsonSchema.Tests;

public sealed class SchemaCacheTests
{
    [Fact]
    public void The_same_bytes_give_the_same_schema()
    {
        var cache = new SchemaCache();
        var first = cache.Get("""{"type":"string"}"""u8);
        Assert.Same(first, cache.Get(Encoding.UTF8.GetBytes("""{"type":"string"}""")));
        Assert.NotSame(first, cache.Get("""{"type":"number"}"""u8));
        Assert.Equal(new SchemaCacheCounts(1, 2, 0, 2, 34), cache.Counts);
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        var cache = new SchemaCache();
        var schema = """{"type":"string"}"""u8.ToArray();
        cache.Get(schema);
        cache.Get(schema);
        var before = GC.GetAllocatedBytesForCurrentThread();
        cache.Get(schema);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_least_recently_used_schema_goes_first()
    {
        var cache = new SchemaCache(SchemaCacheOptions.Default with { MaxSchemas = 3 });
        var kept = cache.Get(Schema(0));
        cache.Get(Schema(1));
        cache.Get(Schema(2));
        Assert.Same(kept, cache.Get(Schema(0)));
        cache.Get(Schema(3));
        Assert.Equal(1, cache.Counts.Evictions);
        Assert.Same(kept, cache.Get(Schema(0)));
        var misses = cache.Counts.Misses;
        cache.Get(Schema(1));
        Assert.Equal(misses + 1, cache.Counts.Misses);
    }

    [Fact]
    public void It_stays_below_its_bounds()
    {
        var cache = new SchemaCache(SchemaCacheOptions.Default with { MaxSchemas = 50, MaxBytes = 1024 });
        for (var i = 0; i < 500; i++)
        {
            cache.Get(Schema(i));
            Assert.InRange(cache.Counts.Schemas, 1, 50);
            Assert.InRange(cache.Counts.Bytes, 1, 1024);
        }

        Assert.Equal(500, cache.Counts.Evictions + cache.Counts.Schemas);
    }

    [Fact]
    public async Task Many_who_ask_at_once_get_one_compilation()
    {
        var compilations = 0;
        using var together = new Barrier(8);
        var options = SchemaCacheOptions.Default with
        {
            Schema = JsonSchemaOptions.Default with
            {
                Resolver = _ =>
                {
                    Interlocked.Increment(ref compilations);
                    return "true"u8.ToArray();
                },
            },
        };
        var cache = new SchemaCache(options);
        var schemas = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                return cache.Get("""{"$ref":"http://example.com/other"}"""u8);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.Single(schemas.Distinct());
        Assert.Equal(1, compilations);
        Assert.Equal((7, 1), (cache.Counts.Hits, cache.Counts.Misses));
    }

    [Fact]
    public void A_schema_that_cannot_be_compiled_is_not_kept()
    {
        var cache = new SchemaCache();
        Assert.Throws<JsonSchemaException>(() => cache.Get("""{"type":5}"""u8));
        Assert.Throws<JsonSchemaException>(() => cache.Get("""{"type":5}"""u8));
        Assert.Equal(new SchemaCacheCounts(0, 2, 0, 0, 0), cache.Counts);
    }

    [Fact]
    public void Faulty_options_are_refused_with_all_faults()
    {
        var options = SchemaCacheOptions.Default with { MaxSchemas = 0, MaxBytes = 1, Schema = JsonSchemaOptions.Default with { MaxDepth = 0 } };
        Assert.Equal(3, options.Validate().Count);
        Assert.Throws<ArgumentException>(() => new SchemaCache(options));
    }

    private static byte[] Schema(int number) => Encoding.UTF8.GetBytes($$"""{"minimum":{{number}}}""");
}
