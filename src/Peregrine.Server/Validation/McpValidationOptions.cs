using Peregrine.JsonSchema;

namespace Peregrine.Server.Validation;

/// <summary>How arguments and results of tools are held against their schemas. Immutable; change it with <c>with</c>. What may change while the server runs: <see cref="McpValidation"/>.</summary>
public sealed record McpValidationOptions
{
    /// <summary>The defaults.</summary>
    public static McpValidationOptions Default { get; } = new();

    /// <summary>
    /// Whether arguments are checked: those of tools written by hand by their schema before the tool runs, those of generated tools by their binder, which this does not switch off, and after a refusal
    /// by their schema, to name every violation.
    /// </summary>
    /// <value>True.</value>
    public bool CheckArguments { get; init; } = true;

    /// <summary>Whether structured results are checked. One that breaks its schema is a failure of the server: the client is told so with a number under which the log has the details.</summary>
    /// <value><see cref="McpResultCheck.InDevelopment"/>.</value>
    public McpResultCheck CheckResults { get; init; } = McpResultCheck.InDevelopment;

    /// <summary>The most violations that a refusal names. 1 to 100.</summary>
    /// <value>20.</value>
    public int MaxErrors { get; init; } = 20;

    /// <summary>
    /// How schemas compile and how many are kept. References to other documents are refused unless <see cref="JsonSchemaOptions.Resolver"/> gives them: nothing is ever fetched from a network.
    /// </summary>
    /// <value><see cref="SchemaCacheOptions.Default"/>.</value>
    public SchemaCacheOptions Schemas { get; init; } = SchemaCacheOptions.Default;

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (CheckResults is < McpResultCheck.InDevelopment or > McpResultCheck.Always)
        {
            faults.Add($"{nameof(CheckResults)} is {(int)CheckResults}; it must be one that {nameof(McpResultCheck)} names.");
        }

        if (MaxErrors is < 1 or > 100)
        {
            faults.Add($"{nameof(MaxErrors)} is {MaxErrors}; it must be from 1 to 100.");
        }

        faults.AddRange(Schemas.Validate());
        return faults;
    }
}
