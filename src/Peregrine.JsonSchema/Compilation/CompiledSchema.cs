namespace Peregrine.JsonSchema.Compilation;

/// <summary>The result of compiling. Immutable.</summary>
/// <param name="Root">The schema.</param>
/// <param name="Options">The options it was compiled with.</param>
/// <param name="HasDynamicScope">Whether some reference depends on the way by which it is reached.</param>
/// <param name="Subschemas">Number of schemas that can apply.</param>
internal sealed record CompiledSchema(SchemaEdge Root, JsonSchemaOptions Options, bool HasDynamicScope, int Subschemas);
