using System.Globalization;
using System.Text;
using Peregrine.Generators.Models;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the JSON Schema (2020-12) of a tool's arguments.</summary>
internal static class SchemaEmitter
{
    internal static string Emit(IEnumerable<ParameterModel> parameters)
    {
        var arguments = parameters.Where(static parameter => parameter.Source == ParameterSource.Argument).ToArray();
        if (arguments.Length == 0)
        {
            return """{"type":"object","additionalProperties":false}""";
        }

        var properties = string.Join(",", arguments.Select(static argument => $"{JsonWriter.String(argument.JsonName)}:{Property(argument)}"));
        var required = string.Join(",", arguments.Where(static argument => !argument.IsOptional).Select(static argument => JsonWriter.String(argument.JsonName)));
        return $"{{\"type\":\"object\",\"properties\":{{{properties}}}{(required.Length == 0 ? "" : $",\"required\":[{required}]")}}}";
    }

    private static string Property(ParameterModel argument)
    {
        var shape = argument.Shape!;
        var result = new StringBuilder("{");
        Member(result, "description", argument.Description is null ? null : JsonWriter.String(argument.Description));
        var type = JsonWriter.String(TypeOf(shape.Kind));

        // What is mirrored in a header has one type (2026-07-28, custom headers): a caller without a value leaves it out. Null is taken all the same.
        var showsNull = argument is { IsNullable: true, Header: null };
        Member(result, "type", showsNull ? $"[{type},\"null\"]" : type);
        Member(result, "x-mcp-header", argument.Header is null ? null : JsonWriter.String(argument.Header));
        if (shape.Kind == ShapeKind.Enum)
        {
            var names = shape.Members.Select(static member => JsonWriter.String(member.Name)).Distinct();
            Member(result, "enum", $"[{string.Join(",", showsNull ? names.Append("null") : names)}]");
        }

        Form(result, shape.Kind);
        Bounds(result, shape.Kind, argument.Bounds);
        Member(result, "default", argument is { Header: not null, DefaultJson: "null" } ? null : argument.DefaultJson);
        return result.Append('}').ToString();
    }

    private static string TypeOf(ShapeKind kind) => kind switch
    {
        ShapeKind.Boolean => "boolean",
        >= ShapeKind.SByte and <= ShapeKind.UInt64 => "integer",
        ShapeKind.Single or ShapeKind.Double or ShapeKind.Decimal => "number",
        _ => "string",
    };

    // "time" and "duration" would promise other texts than System.Text.Json reads: those with an offset, and ISO 8601's.
    private static void Form(StringBuilder result, ShapeKind kind)
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

    private static void Bounds(StringBuilder result, ShapeKind kind, BoundsModel bounds)
    {
        var (least, most) = OwnRange(kind);
        Member(result, bounds.IsMinimumExclusive ? "exclusiveMinimum" : "minimum", bounds.Minimum ?? least);
        Member(result, bounds.IsMaximumExclusive ? "exclusiveMaximum" : "maximum", bounds.Maximum ?? most);
        Member(result, "minLength", bounds.MinLength?.ToString(CultureInfo.InvariantCulture));
        Member(result, "maxLength", bounds.MaxLength?.ToString(CultureInfo.InvariantCulture));
        Member(result, "pattern", bounds.Pattern is null ? null : JsonWriter.String(bounds.Pattern));
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

    private static void Member(StringBuilder result, string name, string? value)
    {
        if (value is not null)
        {
            result.Append(result.Length > 1 ? "," : "").Append('"').Append(name).Append("\":").Append(value);
        }
    }
}
