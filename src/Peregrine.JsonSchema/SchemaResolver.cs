namespace Peregrine.JsonSchema;

/// <summary>
/// Gives the schema that a reference names, or null where there is none. Called while a schema compiles, on the thread that compiles, once for each URI; never while one
/// validates. Whether it reads a file, a table or a network is the caller's decision: the library itself reaches for nothing.
/// </summary>
/// <param name="uri">The absolute URI without fragment, as RFC 3986 resolves it; a relative one where the schema has no <c>$id</c>.</param>
/// <returns>The bytes of the schema, which must not change afterwards.</returns>
public delegate ReadOnlyMemory<byte>? SchemaResolver(string uri);
