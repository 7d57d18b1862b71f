namespace Peregrine.JsonSchema.Compilation;

/// <summary>Where a schema is: its document, its token, and the resource it belongs to.</summary>
internal readonly record struct SchemaPosition(SchemaDocument Document, int Token, SchemaResource Resource);
