namespace Peregrine.JsonSchema;

/// <summary>What a <see cref="SchemaCache"/> has done since it was made.</summary>
/// <param name="Hits">Schemas asked for that were there, or that another thread was compiling.</param>
/// <param name="Misses">Schemas asked for that were compiled, or could not be.</param>
/// <param name="Evictions">Schemas dropped to make room.</param>
/// <param name="Schemas">Schemas kept now.</param>
/// <param name="Bytes">Bytes of their text.</param>
public readonly record struct SchemaCacheCounts(long Hits, long Misses, long Evictions, int Schemas, long Bytes);
