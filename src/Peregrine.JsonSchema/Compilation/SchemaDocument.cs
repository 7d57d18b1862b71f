using Peregrine.JsonSchema.Text;
using Peregrine.Protocol.Buffers;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>One text that holds schemas: the one given, one that the resolver gave, or a metaschema. Immutable but for <see cref="Owners"/>, which compiling fills.</summary>
internal sealed class SchemaDocument
{
    private readonly byte[] _bytes;
    private readonly JsonToken[] _tokens;

    private SchemaDocument(byte[] bytes, JsonToken[] tokens, string uri)
    {
        _bytes = bytes;
        _tokens = tokens;
        Uri = uri;
        Owners = new SchemaResource?[tokens.Length];
    }

    /// <summary>The URI that the document was asked for with; empty for the one given.</summary>
    public string Uri { get; }

    /// <summary>For each token that is known to be a schema, the resource it belongs to.</summary>
    public SchemaResource?[] Owners { get; }

    public JsonText Text => new(_bytes, _tokens);

    /// <summary>Reads a document.</summary>
    /// <exception cref="JsonSchemaException">It is no JSON, or over a limit.</exception>
    public static SchemaDocument Read(ReadOnlySpan<byte> utf8, string uri, JsonSchemaOptions options)
    {
        if (utf8.Length > options.MaxSchemaLength)
        {
            throw new JsonSchemaException(uri + "#", $"the schema has {utf8.Length} bytes; at most {options.MaxSchemaLength} are taken ({nameof(JsonSchemaOptions.MaxSchemaLength)}).");
        }

        var bytes = utf8.ToArray();
        JsonToken[] tokens = [];
        var fault = JsonTokenizer.Read(bytes, ref tokens, options.MaxDepth, out var count, out var position);
        var kept = tokens.AsSpan(0, count).ToArray();
        if (tokens.Length > 0)
        {
            PooledArrays.Return(tokens);
        }

        return fault == JsonFault.None
            ? new SchemaDocument(bytes, kept, uri)
            : throw new JsonSchemaException(uri + "#", "the schema is no JSON that is taken: " + JsonFaults.Describe(fault, bytes, position, options.MaxDepth));
    }
}
