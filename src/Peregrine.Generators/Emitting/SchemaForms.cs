using System.Globalization;
using System.Text;
using Peregrine.Generators.Models;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes what a schema says of values without parts beyond their type.</summary>
internal static class SchemaForms
{
    internal static void Member(StringBuilder result, string name, string? value)
    {
        if (value is not null)
        {
            result.Append(result.Length > 1 ? "," : "").Append('"').Append(name).Append("\":").Append(value);
        }
    }

    // "time" and "duration" would promise other texts than System.Text.Json reads: those with an offset, and ISO 8601's.
    internal static void Append(StringBuilder result, ShapeKind kind)
    {
        switch (kind)
        {
            case ShapeKind.Guid:
                Member(result, "format", "\"uuid\"");
                break;
            case ShapeKind.DateTime or ShapeKind.DateTimeOffset:
                Member(result, "format", "\"date-time\"");
                break;
            case ShapeKind.DateOnly:
                Member(result, "format", "\"date\"");
                break;
            case ShapeKind.TimeOnly:
                Member(result, "pattern", JsonWriter.String(@"^\d{2}:\d{2}:\d{2}(\.\d{1,7})?$"));
                break;
            case ShapeKind.TimeSpan:
                Member(result, "pattern", JsonWriter.String(@"^-?(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$"));
                break;
            case ShapeKind.Uri:
                Member(result, "format", "\"uri\"");
                break;
            case ShapeKind.Bytes:
                Member(result, "contentEncoding", "\"base64\"");
                break;
            case ShapeKind.Char:
                Member(result, "minLength", "1");
                Member(result, "maxLength", "1");
                break;
        }
    }

    internal static void AppendBounds(StringBuilder result, ShapeKind kind, BoundsModel bounds)
    {
        var (least, most) = OwnRange(kind);
        Member(result, bounds.IsMinimumExclusive ? "exclusiveMinimum" : "minimum", bounds.Minimum ?? least);
        Member(result, bounds.IsMaximumExclusive ? "exclusiveMaximum" : "maximum", bounds.Maximum ?? most);
        Member(result, "minLength", bounds.MinLength?.ToString(CultureInfo.InvariantCulture));
        Member(result, "maxLength", bounds.MaxLength?.ToString(CultureInfo.InvariantCulture));
        Member(result, "pattern", bounds.Pattern is null ? null : JsonWriter.String(bounds.Pattern));
        Member(result, "format", bounds.Format is null ? null : JsonWriter.String(bounds.Format));
        Member(result, "not", bounds.Denied.Count == 0 ? null : $"{{\"enum\":[{string.Join(",", bounds.Denied.Select(static value => value.Json))}]}}");
    }

    // Only where a caller may well send more: nobody counts to the end of 32 bits, and each schema is read by a model that pays for its length.
    private static (string? Least, string? Most) OwnRange(ShapeKind kind)
    {
        if (kind is >= ShapeKind.SByte and <= ShapeKind.UInt16)
        {
            var (least, most) = BoundsReader.RangeOf(kind);
            return (least.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture));
        }

        return (kind is ShapeKind.UInt32 or ShapeKind.UInt64 ? "0" : null, null);
    }
}
