namespace Peregrine.JsonSchema.Dialects;

/// <summary>Which keywords mean something: a draft, and of its vocabularies those that the metaschema takes.</summary>
internal sealed record Dialect(JsonSchemaDraft Draft)
{
    public bool Applicator { get; init; } = true;

    public bool Unevaluated { get; init; } = true;

    public bool Validation { get; init; } = true;

    /// <summary>Whether the metaschema makes <c>format</c> an assertion.</summary>
    public bool FormatAssertion { get; init; }

    public static Dialect Of(JsonSchemaDraft draft) => draft switch
    {
        JsonSchemaDraft.Draft7 => s_draft7,
        JsonSchemaDraft.Draft201909 => s_draft201909,
        _ => s_draft202012,
    };

    private static readonly Dialect s_draft7 = new(JsonSchemaDraft.Draft7);
    private static readonly Dialect s_draft201909 = new(JsonSchemaDraft.Draft201909);
    private static readonly Dialect s_draft202012 = new(JsonSchemaDraft.Draft202012);
}
