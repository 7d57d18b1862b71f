using System.Text.Json;
using Peregrine.JsonSchema.Output;

namespace Peregrine.JsonSchema;

/// <summary>What a schema says about an instance. Immutable.</summary>
public sealed class ValidationResult
{
    internal ValidationResult(IReadOnlyList<ValidationError> errors, bool isTruncated)
    {
        Errors = errors;
        IsTruncated = isTruncated;
    }

    /// <summary>The result of every valid instance.</summary>
    public static ValidationResult Valid { get; } = new([], false);

    /// <summary>Whether the instance is valid.</summary>
    public bool IsValid => Errors.Count == 0;

    /// <summary>The violations in the order of the instance; those of alternatives right behind the error of the keyword that combines them. Empty for a valid instance.</summary>
    public IReadOnlyList<ValidationError> Errors { get; }

    /// <summary>Whether there were more errors than were asked for.</summary>
    public bool IsTruncated { get; }

    /// <summary>Writes the result as draft 2020-12 shapes it.</summary>
    /// <param name="writer">Takes one JSON object.</param>
    /// <param name="format">Which shape.</param>
    public void WriteTo(Utf8JsonWriter writer, OutputFormat format)
    {
        ArgumentNullException.ThrowIfNull(writer);
        OutputWriter.Write(writer, this, format);
    }

    /// <summary>A line for each error; empty for a valid instance.</summary>
    public override string ToString() => string.Join('\n', Errors);
}
