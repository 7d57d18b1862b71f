using System.Collections.Frozen;

namespace Peregrine.JsonSchema.Dialects;

/// <summary>The metaschemas of the drafts, as published by the JSON Schema project; built in, so that a schema may refer to them without a resolver.</summary>
internal static class Metaschemas
{
    private static readonly FrozenDictionary<string, string> s_resources = new Dictionary<string, string>
    {
        ["http://json-schema.org/draft-07/schema"] = "draft-07.schema.json",
        ["https://json-schema.org/draft/2019-09/schema"] = "draft-2019-09.schema.json",
        ["https://json-schema.org/draft/2019-09/meta/core"] = "draft-2019-09.core.json",
        ["https://json-schema.org/draft/2019-09/meta/applicator"] = "draft-2019-09.applicator.json",
        ["https://json-schema.org/draft/2019-09/meta/validation"] = "draft-2019-09.validation.json",
        ["https://json-schema.org/draft/2019-09/meta/meta-data"] = "draft-2019-09.meta-data.json",
        ["https://json-schema.org/draft/2019-09/meta/format"] = "draft-2019-09.format.json",
        ["https://json-schema.org/draft/2019-09/meta/content"] = "draft-2019-09.content.json",
        ["https://json-schema.org/draft/2020-12/schema"] = "draft-2020-12.schema.json",
        ["https://json-schema.org/draft/2020-12/meta/core"] = "draft-2020-12.core.json",
        ["https://json-schema.org/draft/2020-12/meta/applicator"] = "draft-2020-12.applicator.json",
        ["https://json-schema.org/draft/2020-12/meta/unevaluated"] = "draft-2020-12.unevaluated.json",
        ["https://json-schema.org/draft/2020-12/meta/validation"] = "draft-2020-12.validation.json",
        ["https://json-schema.org/draft/2020-12/meta/meta-data"] = "draft-2020-12.meta-data.json",
        ["https://json-schema.org/draft/2020-12/meta/format-annotation"] = "draft-2020-12.format-annotation.json",
        ["https://json-schema.org/draft/2020-12/meta/content"] = "draft-2020-12.content.json",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The draft whose metaschema has this URI (without empty fragment), or null.</summary>
    public static JsonSchemaDraft? DraftOf(string uri) => uri switch
    {
        "https://json-schema.org/draft/2020-12/schema" or "http://json-schema.org/draft/2020-12/schema" => JsonSchemaDraft.Draft202012,
        "https://json-schema.org/draft/2019-09/schema" or "http://json-schema.org/draft/2019-09/schema" => JsonSchemaDraft.Draft201909,
        "http://json-schema.org/draft-07/schema" or "https://json-schema.org/draft-07/schema" => JsonSchemaDraft.Draft7,
        "http://json-schema.org/draft-06/schema" or "https://json-schema.org/draft-06/schema" => JsonSchemaDraft.Draft7,
        _ => null,
    };

    /// <summary>Whether the URI names a draft that is not understood.</summary>
    public static bool IsOtherDraft(string uri) =>
        uri is "http://json-schema.org/schema" or "https://json-schema.org/schema" || (uri.Contains("://json-schema.org/draft", StringComparison.Ordinal) && DraftOf(uri) is null);

    /// <summary>The metaschema with this URI, or null.</summary>
    public static byte[]? Find(string uri)
    {
        if (!s_resources.TryGetValue(uri, out var name))
        {
            return null;
        }

        using var stream = typeof(Metaschemas).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
