namespace Peregrine.JsonSchema;

/// <summary>How much a <see cref="SchemaCache"/> keeps. Immutable; change it with <c>with</c>.</summary>
public sealed record SchemaCacheOptions
{
    /// <summary>The defaults.</summary>
    public static SchemaCacheOptions Default { get; } = new();

    /// <summary>The most schemas kept; the one that was not used for the longest time goes first. 1 to 1,000,000.</summary>
    /// <value>1,024.</value>
    public int MaxSchemas { get; init; } = 1024;

    /// <summary>The most bytes of schema text kept, a measure of what the compiled ones need (some ten times as much). 1 KiB to 1 GiB.</summary>
    /// <value>16 MiB.</value>
    public long MaxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How schemas compile.</summary>
    /// <value><see cref="JsonSchemaOptions.Default"/>.</value>
    public JsonSchemaOptions Schema { get; init; } = JsonSchemaOptions.Default;

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (MaxSchemas is < 1 or > 1_000_000)
        {
            faults.Add($"{nameof(MaxSchemas)} is {MaxSchemas}; it must be from 1 to 1000000.");
        }

        if (MaxBytes is < 1024 or > 1 << 30)
        {
            faults.Add($"{nameof(MaxBytes)} is {MaxBytes}; it must be from 1024 to {1 << 30}.");
        }

        faults.AddRange(Schema.Validate());
        return faults;
    }
}
