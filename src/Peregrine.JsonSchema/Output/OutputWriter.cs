using System.Text.Json;

namespace Peregrine.JsonSchema.Output;

/// <summary>Writes results in the output formats of draft 2020-12.</summary>
internal static class OutputWriter
{
    public static void Write(Utf8JsonWriter writer, ValidationResult result, OutputFormat format)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("valid"u8, result.IsValid);
        if (!result.IsValid && format == OutputFormat.Basic)
        {
            writer.WriteStartArray("errors"u8);
            foreach (var error in result.Errors)
            {
                WriteUnit(writer, error);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
        else if (!result.IsValid && format == OutputFormat.Detailed)
        {
            WriteNested(writer, result.Errors);
        }

        writer.WriteEndObject();
    }

    /// <summary>
    /// Errors of alternatives follow the error that they explain, and their keyword locations begin with its own. A stack of the errors that are open gives the nesting. The root unit is the
    /// schema itself.
    /// </summary>
    private static void WriteNested(Utf8JsonWriter writer, IReadOnlyList<ValidationError> errors)
    {
        writer.WriteString("keywordLocation"u8, "");
        writer.WriteString("instanceLocation"u8, "");
        writer.WriteStartArray("errors"u8);
        var open = new Stack<string>();
        for (var i = 0; i < errors.Count; i++)
        {
            while (open.TryPeek(out var outer) && !IsBelow(errors[i], outer))
            {
                writer.WriteEndArray();
                writer.WriteEndObject();
                open.Pop();
            }

            WriteUnit(writer, errors[i]);
            if (i + 1 < errors.Count && IsBelow(errors[i + 1], errors[i].KeywordLocation))
            {
                writer.WriteStartArray("errors"u8);
                open.Push(errors[i].KeywordLocation);
            }
            else
            {
                writer.WriteEndObject();
            }
        }

        for (; open.Count > 0; open.Pop())
        {
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static bool IsBelow(ValidationError error, string location) =>
        location.Length > 0 && error.KeywordLocation.Length > location.Length
        && error.KeywordLocation.StartsWith(location, StringComparison.Ordinal) && error.KeywordLocation[location.Length] == '/';

    private static void WriteUnit(Utf8JsonWriter writer, ValidationError error)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("valid"u8, false);
        writer.WriteString("keywordLocation"u8, error.KeywordLocation);
        writer.WriteString("absoluteKeywordLocation"u8, error.AbsoluteKeywordLocation);
        writer.WriteString("instanceLocation"u8, error.InstanceLocation);
        writer.WriteString("error"u8, error.Message);
    }
}
