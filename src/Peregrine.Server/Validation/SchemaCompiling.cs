using Peregrine.JsonSchema;
using Schema = Peregrine.JsonSchema.JsonSchema;

namespace Peregrine.Server.Validation;

/// <summary>Compiles schemas that tools brought, whatever they hold.</summary>
internal static class SchemaCompiling
{
    /// <summary>Compiles a schema, or finds it compiled.</summary>
    /// <returns>The schema, or why there is none.</returns>
    internal static (Schema? Schema, string? Fault) Try(SchemaCache cache, ReadOnlyMemory<byte> text)
    {
        try
        {
            return (cache.Get(text.Span), null);
        }
        catch (JsonSchemaException exception)
        {
            return (null, exception.Message);
        }
        catch (Exception exception)
        {
            // The resolver is the user's code.
            return (null, $"The resolver of references failed: {exception.Message}");
        }
    }
}
