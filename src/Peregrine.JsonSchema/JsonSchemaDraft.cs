namespace Peregrine.JsonSchema;

/// <summary>The drafts of JSON Schema that are understood.</summary>
public enum JsonSchemaDraft
{
    /// <summary>Draft 7 (2018), <c>http://json-schema.org/draft-07/schema#</c>. Draft 6, which it extends, is read as draft 7.</summary>
    Draft7,

    /// <summary>Draft 2019-09, <c>https://json-schema.org/draft/2019-09/schema</c>.</summary>
    Draft201909,

    /// <summary>Draft 2020-12, <c>https://json-schema.org/draft/2020-12/schema</c>.</summary>
    Draft202012,
}
