using Peregrine.JsonSchema.Dialects;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>Reads from a metaschema which vocabularies it takes (2020-12 core, section 8.1.2).</summary>
internal static class Vocabularies
{
    private static readonly string[] s_prefixes = ["https://json-schema.org/draft/2020-12/vocab/", "https://json-schema.org/draft/2019-09/vocab/"];

    /// <summary>The dialect that a metaschema describes.</summary>
    /// <exception cref="JsonSchemaException">It requires a vocabulary that is not understood.</exception>
    public static Dialect Read(SchemaResource metaschema)
    {
        var draft = metaschema.Dialect.Draft;
        var text = metaschema.Document.Text;
        var vocabulary = text.Tokens[metaschema.Token].Types == JsonTypes.Object ? JsonPointers.Member(text, metaschema.Token, "$vocabulary") : -1;
        if (draft == JsonSchemaDraft.Draft7 || vocabulary < 0 || text.Tokens[vocabulary].Types != JsonTypes.Object)
        {
            return Dialect.Of(draft);
        }

        var dialect = new Dialect(draft) { Applicator = false, Validation = false, Unevaluated = false };
        for (var name = vocabulary + 1; name < text.Tokens[vocabulary].Next; name = text.Tokens[name + 1].Next)
        {
            dialect = With(dialect, metaschema, JsonStrings.ToText(text.Raw(name), text.Tokens[name].Escaped), text.Tokens[name + 1].True);
        }

        return dialect;
    }

    private static Dialect With(Dialect dialect, SchemaResource metaschema, string uri, bool required)
    {
        var prefix = s_prefixes.FirstOrDefault(p => uri.StartsWith(p, StringComparison.Ordinal));
        switch (prefix is null ? "" : uri[prefix.Length..])
        {
            case "applicator":
                // In 2019-09 the unevaluated keywords belong to this vocabulary.
                return dialect with { Applicator = true, Unevaluated = dialect.Unevaluated || dialect.Draft == JsonSchemaDraft.Draft201909 };
            case "unevaluated":
                return dialect with { Unevaluated = true };
            case "validation":
                return dialect with { Validation = true };
            case "format-assertion":
                return dialect with { FormatAssertion = true };
            case "format":
                return dialect with { FormatAssertion = required };
            case "core" or "meta-data" or "format-annotation" or "content":
                return dialect;
            default:
                return required
                    ? throw new JsonSchemaException(metaschema.Uri + "#/$vocabulary", $"the vocabulary \"{uri}\" is required and not understood.")
                    : dialect;
        }
    }
}
