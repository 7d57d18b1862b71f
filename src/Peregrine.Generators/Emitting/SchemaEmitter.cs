using System.Globalization;
using System.Text;
using Peregrine.Generators.Models;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators.Emitting;

/// <summary>
/// Writes JSON Schemas (2020-12): of a tool's arguments, and of its result, as C# that makes their bytes. What only System.Text.Json knows it says itself, when the tool is made.
/// </summary>
internal sealed class SchemaEmitter
{
    private readonly JsonCode _types;
    private readonly bool _isRead;
    private readonly Dictionary<string, string> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _foreign = new(StringComparer.Ordinal);

    private SchemaEmitter(JsonCode types, bool isRead)
    {
        _types = types;
        _isRead = isRead;
    }

    /// <summary>The schema of a tool's arguments.</summary>
    internal static string Arguments(IEnumerable<ParameterModel> parameters, JsonCode types)
    {
        var arguments = parameters.Where(static parameter => parameter.Source == ParameterSource.Argument).ToArray();
        if (arguments.Length == 0)
        {
            return Constant("""{"type":"object","additionalProperties":false}""");
        }

        var emitter = new SchemaEmitter(types, isRead: true);
        var properties = string.Join(",", arguments.Select(argument => $"{JsonWriter.String(argument.JsonName)}:{emitter.Argument(argument)}"));
        var required = string.Join(",", arguments.Where(static argument => !argument.IsOptional).Select(static argument => JsonWriter.String(argument.JsonName)));
        return emitter.Code($"{{\"type\":\"object\",\"properties\":{{{properties}}}{(required.Length == 0 ? "" : $",\"required\":[{required}]")}{emitter.Definitions()}}}");
    }

    /// <summary>The schema of an object that is a tool's arguments as a whole.</summary>
    internal static string Arguments(ValueShape shape, JsonCode types)
    {
        var emitter = new SchemaEmitter(types, isRead: true);
        return emitter.Code(emitter.Root(shape));
    }

    /// <summary>The schema of a result: an object as it is, anything else as the member <c>result</c> of one. Null where nothing is known.</summary>
    internal static string? Result(ValueShape shape, bool isNullable, ResultForm form, JsonCode types)
    {
        if (form == ResultForm.Any)
        {
            return types.Of(shape) is { } foreign && !isNullable ? $"ToolSchemas.OfResult(typeof({foreign.PlainTypeName}), {foreign.Context}.Default)" : null;
        }

        var emitter = new SchemaEmitter(types, isRead: false);
        return emitter.Code(form == ResultForm.Object
            ? emitter.Root(shape)
            : $"{{\"type\":\"object\",\"properties\":{{\"result\":{emitter.Value(shape, isNullable)}}},\"required\":[\"result\"]{emitter.Definitions()}}}");
    }

    /// <summary>The schema of a result of items that come one after the other.</summary>
    internal static string Items(ValueShape item, bool isNullable, JsonCode types)
    {
        var emitter = new SchemaEmitter(types, isRead: false);
        return emitter.Code($"{{\"type\":\"object\",\"properties\":{{\"result\":{{\"type\":\"array\",\"items\":{emitter.Value(item, isNullable)}}}}},\"required\":[\"result\"]{emitter.Definitions()}}}");
    }

    private string Code(string schema) =>
        _foreign.Count == 0 ? Constant(schema) : $"ToolSchemas.Complete(\"\"\"{schema}\"\"\"u8, [{string.Join(", ", _foreign.Values)}])";

    private static string Constant(string schema) => $"\"\"\"{schema}\"\"\"u8.ToArray()";

    private string Root(ValueShape shape)
    {
        var schema = Body(_types.Of(shape.Composite!), "\"object\"");
        return $"{{{schema}{Definitions()}}}";
    }

    private string Definitions() =>
        _definitions.Count == 0 ? "" : $",\"$defs\":{{{string.Join(",", _definitions.Select(static pair => $"{JsonWriter.String(pair.Key)}:{pair.Value}"))}}}";

    private string Argument(ParameterModel argument) => Value(
        argument.Shape!, argument.IsNullable, argument.Description, argument.Bounds, argument is { Header: not null, DefaultJson: "null" } ? null : argument.DefaultJson, argument.Header, NumberForms.None);

    private string Value(ValueShape shape, bool isNullable) => Value(shape, isNullable, null, BoundsModel.None, null, null, NumberForms.None);

    private string Value(ValueShape shape, bool isNullable, string? description, BoundsModel bounds, string? defaultJson, string? header, NumberForms numbers)
    {
        var result = new StringBuilder("{");
        Member(result, "description", description is null ? null : JsonWriter.String(description));

        // What is mirrored in a header has one type (2026-07-28, custom headers): a caller without a value leaves it out. Null is taken all the same.
        var showsNull = isNullable && header is null;
        if (shape.Composite is { } key)
        {
            Composite(result, _types.Of(key), showsNull, bounds);
        }
        else
        {
            Scalar(result, shape, showsNull, bounds, header, numbers);
        }

        Member(result, "default", defaultJson);
        return result.Append('}').ToString();
    }

    private void Composite(StringBuilder result, CompositeModel type, bool isNullable, BoundsModel bounds)
    {
        if ((_isRead ? type.CannotRead : type.CannotWrite) is not null)
        {
            _foreign[type.Key] = $"new(\"{type.Key}\", typeof({type.PlainTypeName}), {type.Context}.Default)";
            Member(result, "$foreign", JsonWriter.String(type.Key));
            Member(result, "$null", isNullable ? "true" : null);
            return;
        }

        if (IsRecursive(type))
        {
            Define(type);
            var reference = $"{{\"$ref\":\"#/$defs/{type.Key}\"}}";
            if (isNullable)
            {
                Member(result, "anyOf", $"[{reference},{{\"type\":\"null\"}}]");
            }
            else
            {
                Member(result, "$ref", $"\"#/$defs/{type.Key}\"");
            }

            return;
        }

        var kind = type.Kind is CompositeKind.List or CompositeKind.Set ? "\"array\"" : "\"object\"";
        var body = Body(type, isNullable ? $"[{kind},\"null\"]" : kind, hasDescription: result.Length > 1);
        result.Append(result.Length > 1 ? "," : "").Append(body);
        var unit = type.Kind == CompositeKind.Dictionary ? "Properties" : "Items";
        Member(result, "min" + unit, bounds.MinLength is > 0 ? bounds.MinLength.Value.ToString(CultureInfo.InvariantCulture) : null);
        Member(result, "max" + unit, bounds.MaxLength?.ToString(CultureInfo.InvariantCulture));
    }

    private void Define(CompositeModel type)
    {
        if (!_definitions.ContainsKey(type.Key))
        {
            // Entered before it is written: it refers to itself.
            _definitions.Add(type.Key, "");
            _definitions[type.Key] = $"{{{Body(type, type.Kind is CompositeKind.List or CompositeKind.Set ? "\"array\"" : "\"object\"")}}}";
        }
    }

    /// <summary>The members of a type's schema, without braces.</summary>
    private string Body(CompositeModel type, string typeJson, bool hasDescription = false)
    {
        switch (type.Kind)
        {
            case CompositeKind.List:
                return $"\"type\":{typeJson},\"items\":{Value(type.Item!, type.IsItemNullable)}";
            case CompositeKind.Set:
                return $"\"type\":{typeJson},\"items\":{Value(type.Item!, type.IsItemNullable)},\"uniqueItems\":true";
            case CompositeKind.Dictionary:
                return $"\"type\":{typeJson},\"additionalProperties\":{Value(type.Item!, type.IsItemNullable)}";
        }

        var description = type.Object!.Description is { } text && !hasDescription ? $"\"description\":{JsonWriter.String(text)}," : "";
        if (type.Object.Forms is not { } forms)
        {
            return $"{description}\"type\":{typeJson}{Members(type.Object, null)}";
        }

        var schemas = forms.Derived.Where(form => !_isRead || form.Token is not null).Select(form => Form(type, form, forms.Member));
        if (_isRead ? forms.IsOwnForm : forms.IsConcrete && !forms.Derived.Any(form => form.Key == type.Key))
        {
            schemas = schemas.Append($"{{{Members(type.Object, null).TrimStart(',')}}}");
        }

        var alternatives = typeJson[0] == '[' ? schemas.Append("{\"type\":\"null\"}") : schemas;
        return $"{description}\"type\":{typeJson},\"anyOf\":[{string.Join(",", alternatives)}]";
    }

    private string Form(CompositeModel type, DerivedModel form, string member)
    {
        var composed = form.Key == type.Key ? type.Object! : _types.Of(form.Key).Object;
        var discriminator = form.Token is null ? null : $"{JsonWriter.String(member)}:{{\"const\":{form.Token}}}";
        return composed is null ? "{}" : $"{{{Members(composed, form.Token is null ? null : (member, discriminator!)).TrimStart(',')}}}";
    }

    /// <summary>Properties and what must be among them, with a comma ahead.</summary>
    private string Members(ObjectModel composed, (string Name, string Schema)? discriminator)
    {
        var properties = composed.Properties.Where(property => _isRead ? property.Access != PropertyAccess.None : property.IsWritten).OrderBy(static property => property.Order).ToArray();
        var schemas = properties.Select(property => $"{JsonWriter.String(property.JsonName)}:{Value(property.Shape, property.IsNullable, property.Description, property.Bounds, _isRead ? property.DefaultJson : null, null, property.Numbers)}");
        var required = properties.Where(property => _isRead ? property.IsRequired : property.Ignored == IgnoreCondition.Never).Select(static property => property.JsonName);
        if (discriminator is { } form)
        {
            schemas = schemas.Prepend(form.Schema);
            required = required.Prepend(form.Name);
        }

        var names = string.Join(",", required.Select(JsonWriter.String));
        return $",\"properties\":{{{string.Join(",", schemas)}}}{(names.Length == 0 ? "" : $",\"required\":[{names}]")}{(_isRead && composed.RefusesUnknown ? ",\"additionalProperties\":false" : "")}";
    }

    private bool IsRecursive(CompositeModel type)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        Queue<string> keys = new([type.Key]);
        while (keys.Count > 0)
        {
            foreach (var part in ForeignTypes.PartsOf(_types.Of(keys.Dequeue()), _isRead))
            {
                if (part == type.Key)
                {
                    return true;
                }

                if (seen.Add(part))
                {
                    keys.Enqueue(part);
                }
            }
        }

        return false;
    }

    private static void Scalar(StringBuilder result, ValueShape shape, bool showsNull, BoundsModel bounds, string? header, NumberForms numbers)
    {
        if (TypeOf(shape.Kind) is { } type)
        {
            var isNumber = shape.Kind is >= ShapeKind.SByte and <= ShapeKind.Decimal && (numbers & (NumberForms.ReadText | NumberForms.WriteText | NumberForms.Named)) != 0;
            string?[] types = [JsonWriter.String(type), isNumber ? "\"string\"" : null, showsNull ? "\"null\"" : null];
            var names = types.Where(static name => name is not null).ToArray();
            Member(result, "type", names.Length == 1 ? names[0] : $"[{string.Join(",", names)}]");
        }

        Member(result, "x-mcp-header", header is null ? null : JsonWriter.String(header));
        if (shape.Kind == ShapeKind.Enum)
        {
            var names = shape.Members.Select(static member => JsonWriter.String(member.Name)).Distinct();
            Member(result, "enum", $"[{string.Join(",", showsNull ? names.Append("null") : names)}]");
        }
        else if (bounds.Allowed.Count > 0)
        {
            var values = bounds.Allowed.Select(static value => value.Json).Distinct();
            Member(result, "enum", $"[{string.Join(",", showsNull ? values.Append("null") : values)}]");
        }

        SchemaForms.Append(result, shape.Kind);
        SchemaForms.AppendBounds(result, shape.Kind, bounds);
    }

    private static string? TypeOf(ShapeKind kind) => kind switch
    {
        ShapeKind.Boolean => "boolean",
        >= ShapeKind.SByte and <= ShapeKind.UInt64 => "integer",
        ShapeKind.Single or ShapeKind.Double or ShapeKind.Decimal => "number",
        ShapeKind.JsonElement or ShapeKind.JsonNode or ShapeKind.Raw => null,
        ShapeKind.JsonObject => "object",
        ShapeKind.JsonArray => "array",
        _ => "string",
    };

    private static void Member(StringBuilder result, string name, string? value) => SchemaForms.Member(result, name, value);
}
