namespace Peregrine.JsonSchema;

/// <summary>How schemas compile and what they may cost. Immutable; change it with <c>with</c>. Checked whole when a schema compiles.</summary>
public sealed record JsonSchemaOptions
{
    /// <summary>The defaults.</summary>
    public static JsonSchemaOptions Default { get; } = new();

    /// <summary>The draft of a schema that does not name one with <c>$schema</c>.</summary>
    /// <value><see cref="JsonSchemaDraft.Draft202012"/>.</value>
    public JsonSchemaDraft DefaultDraft { get; init; } = JsonSchemaDraft.Draft202012;

    /// <summary>
    /// Whether <c>format</c> is checked. The drafts make it an annotation that judges nothing; a schema whose <c>$schema</c> names a metaschema with the vocabulary
    /// <c>format-assertion</c> is checked anyway.
    /// </summary>
    /// <value>False.</value>
    public bool AssertFormat { get; init; }

    /// <summary>Gives schemas that references name by URI. Without one only what the schema itself holds, and the metaschemas of the drafts, can be referred to.</summary>
    /// <value>None.</value>
    public SchemaResolver? Resolver { get; init; }

    /// <summary>The longest schema, in bytes, and the longest that the resolver may give. 2 bytes to 256 MiB.</summary>
    /// <value>4 MiB.</value>
    public int MaxSchemaLength { get; init; } = 4 * 1024 * 1024;

    /// <summary>The longest instance, in bytes; a longer one is invalid. 2 bytes to 1 GiB. Memory while one is read: at most eight times as much, from the shared pool.</summary>
    /// <value>64 MiB.</value>
    public int MaxInstanceLength { get; init; } = 64 * 1024 * 1024;

    /// <summary>The deepest nesting of objects and arrays in a schema and in an instance; a deeper instance is invalid. 1 to 512.</summary>
    /// <value>128.</value>
    public int MaxDepth { get; init; } = 128;

    /// <summary>The most subschemas that one schema may have, with everything that it refers to. 1 to 1,000,000.</summary>
    /// <value>20,000.</value>
    public int MaxSubschemas { get; init; } = 20_000;

    /// <summary>The most errors that a result names. 1 to 10,000.</summary>
    /// <value>100.</value>
    public int MaxErrors { get; init; } = 100;

    /// <summary>
    /// The most work that judging one instance may be: schemas applied to values, items compared. What needs more is invalid. It ends what a schema of nested alternatives could
    /// multiply without end. 1,000 to 10,000,000,000.
    /// </summary>
    /// <value>100,000,000 (some seconds).</value>
    public long MaxEvaluations { get; init; } = 100_000_000;

    /// <summary>How long one <c>pattern</c> may search one string; one that needs longer makes the instance invalid and ends its validation. 1 ms to 1 minute.</summary>
    /// <value>100 ms.</value>
    public TimeSpan PatternTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (DefaultDraft is < JsonSchemaDraft.Draft7 or > JsonSchemaDraft.Draft202012)
        {
            faults.Add($"{nameof(DefaultDraft)} is {(int)DefaultDraft}; it must be a draft that {nameof(JsonSchemaDraft)} names.");
        }

        Check(faults, nameof(MaxSchemaLength), MaxSchemaLength, 2, 256 * 1024 * 1024);
        Check(faults, nameof(MaxInstanceLength), MaxInstanceLength, 2, 1 << 30);
        Check(faults, nameof(MaxDepth), MaxDepth, 1, 512);
        Check(faults, nameof(MaxSubschemas), MaxSubschemas, 1, 1_000_000);
        Check(faults, nameof(MaxErrors), MaxErrors, 1, 10_000);
        Check(faults, nameof(MaxEvaluations), MaxEvaluations, 1_000, 10_000_000_000);
        if (PatternTimeout < TimeSpan.FromMilliseconds(1) || PatternTimeout > TimeSpan.FromMinutes(1))
        {
            faults.Add($"{nameof(PatternTimeout)} is {PatternTimeout}; it must be from 1 ms to 1 minute.");
        }

        return faults;
    }

    private static void Check(List<string> faults, string name, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            faults.Add($"{name} is {value}; it must be from {least} to {most}.");
        }
    }
}
