namespace Peregrine.JsonSchema.Caching;

/// <summary>A schema of a cache. The first to ask for it compiles; others wait. A failure is given to those who wait, and to nobody after them.</summary>
internal sealed class CachedSchema(byte[] utf8, JsonSchemaOptions options)
{
    private readonly Lazy<JsonSchema> _schema = new(() => JsonSchema.Compile(utf8, options), LazyThreadSafetyMode.ExecutionAndPublication);
    private long _lastUse;

    public JsonSchema Schema => _schema.Value;

    /// <summary>When it was last asked for, on the cache's own clock.</summary>
    public long LastUse
    {
        get => Volatile.Read(ref _lastUse);
        set => Volatile.Write(ref _lastUse, value);
    }
}
