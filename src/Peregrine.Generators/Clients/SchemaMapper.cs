namespace Peregrine.Generators.Clients;

/// <summary>Gives schemas their C# types, and gathers the records that those need. What has no better type is a JsonElement.</summary>
internal sealed class SchemaMapper(HashSet<string> names)
{
    private readonly Dictionary<JsonNode, string> _named = [];
    private readonly HashSet<JsonNode> _open = [];
    private JsonNode _root = new();

    /// <summary>The records found so far.</summary>
    internal List<RecordShape> Records { get; } = [];

    /// <summary>The members of an object schema.</summary>
    /// <param name="schema">The whole schema, to which its references point.</param>
    /// <param name="owner">A name from which records of members get theirs.</param>
    internal IReadOnlyList<MemberShape> Members(JsonNode schema, string owner)
    {
        _root = schema;
        return MembersOf(Resolve(schema), owner);
    }

    /// <summary>The type of a schema.</summary>
    internal TypeShape Map(JsonNode schema, string name)
    {
        _root = schema;
        return MapCore(schema, name);
    }

    private IReadOnlyList<MemberShape> MembersOf(JsonNode schema, string owner)
    {
        HashSet<string> required = [.. (schema.Find("required")?.Items ?? []).Select(static one => one.Text ?? "")];
        HashSet<string> taken = [owner, "Read", "WriteTo", "ToString", "Equals", "GetHashCode", "Deconstruct"];
        List<MemberShape> members = [];
        foreach (var property in schema.Find("properties")?.Members ?? [])
        {
            var name = Identifiers.Unique(Identifiers.Pascal(property.Key), taken);
            var type = MapCore(property.Value, owner + name);
            var isRequired = required.Contains(property.Key);
            members.Add(new MemberShape(property.Key, name, isRequired ? type : type.OrNull, Summary(property.Value), isRequired));
        }

        return [.. members.Where(static member => member.IsRequired), .. members.Where(static member => !member.IsRequired)];
    }

    private TypeShape MapCore(JsonNode given, string name)
    {
        var schema = Resolve(given);
        if (given.FindText("$ref") is { Length: > 0 } reference)
        {
            // What has a name in the schema has it here.
            name = reference.Substring(reference.LastIndexOf('/') + 1);
        }

        var types = schema.Find("type") is { } type ? (type.Text is { } one ? [one] : [.. type.Items.Select(static item => item.Text ?? "")]) : new List<string>();
        var isNullable = types.Remove("null");
        if (!_open.Add(schema))
        {
            // Within itself. A record has a name for that; a list of itself has no C# type.
            var itself = _named.TryGetValue(schema, out var known) ? new TypeShape(TypeShapeKind.Record, known, false) : Any;
            return isNullable ? itself.OrNull : itself;
        }

        var shape = types.Count == 0 && NullableOf(schema) is { } inner ? MapCore(inner, name).OrNull : MapOne(schema, types, name);
        _open.Remove(schema);
        return isNullable ? shape.OrNull : shape;
    }

    private TypeShape MapOne(JsonNode schema, List<string> types, string name) =>
        types.Count != 1 ? Any : types[0] switch
        {
            "string" => new TypeShape(TypeShapeKind.Text, "string", false),
            "integer" => new TypeShape(TypeShapeKind.Integer, "long", false),
            "number" => new TypeShape(TypeShapeKind.Number, "double", false),
            "boolean" => new TypeShape(TypeShapeKind.Boolean, "bool", false),
            "array" => Array(schema.Find("items"), name),
            "object" when schema.Find("properties")?.Members.Count > 0 => new TypeShape(TypeShapeKind.Record, RecordOf(schema, name), false),
            _ => Any,
        };

    private static TypeShape Any => new(TypeShapeKind.Any, "global::System.Text.Json.JsonElement", false);

    private TypeShape Array(JsonNode? items, string name)
    {
        var item = items is null ? Any : MapCore(items, name + "Item");
        return new TypeShape(TypeShapeKind.Array, $"global::System.Collections.Generic.IReadOnlyList<{item.Text}>", false, item);
    }

    // A schema that is reached twice, or by itself, is one record.
    private string RecordOf(JsonNode schema, string name)
    {
        if (_named.TryGetValue(schema, out var known))
        {
            return known;
        }

        var unique = Identifiers.Unique(Identifiers.Pascal(schema.FindText("title") is { Length: > 0 and < 40 } title && title.All(char.IsLetterOrDigit) ? title : name), names);
        _named[schema] = unique;
        Records.Add(new RecordShape(unique, Summary(schema), MembersOf(schema, unique)));
        return unique;
    }

    // anyOf or oneOf of one schema and null.
    private static JsonNode? NullableOf(JsonNode schema)
    {
        var choices = schema.Find("anyOf") ?? schema.Find("oneOf");
        if (choices is null || choices.Items.Count != 2)
        {
            return null;
        }

        return choices.Items[0].FindText("type") == "null" ? choices.Items[1] : choices.Items[1].FindText("type") == "null" ? choices.Items[0] : null;
    }

    // References within the document, as far as they are pointers; anything else is a JsonElement.
    private JsonNode Resolve(JsonNode schema)
    {
        for (var i = 0; i < 16 && schema.FindText("$ref") is { } reference; i++)
        {
            if (reference.Length == 0 || reference[0] != '#')
            {
                return new JsonNode();
            }

            JsonNode? target = _root;
            foreach (var part in reference.Substring(1).Split(['/'], StringSplitOptions.RemoveEmptyEntries))
            {
                target = target?.Find(part.Replace("~1", "/").Replace("~0", "~"));
            }

            schema = target ?? new JsonNode();
        }

        return schema;
    }

    private static string Summary(JsonNode schema)
    {
        var description = schema.FindText("description") ?? schema.FindText("title") ?? "";
        var choices = (schema.Find("enum")?.Items ?? []).Select(static one => one.Text).Where(static one => one is not null).ToArray();
        return choices.Length == 0 ? description : $"{description} One of: {string.Join(", ", choices)}.".Trim();
    }
}
