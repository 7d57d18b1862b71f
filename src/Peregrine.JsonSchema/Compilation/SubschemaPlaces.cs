using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>Which keywords hold schemas, and in what shape.</summary>
internal static class SubschemaPlaces
{
    private const JsonTypes Schema = JsonTypes.Object | JsonTypes.Boolean;

    /// <summary>Pushes the subschemas right below a schema.</summary>
    public static void Push(scoped JsonText text, int schema, SchemaResource resource, Stack<(int Token, SchemaResource Owner)> pending)
    {
        if (text.Tokens[schema].Types != JsonTypes.Object)
        {
            return;
        }

        for (var name = schema + 1; name < text.Tokens[schema].Next; name = text.Tokens[name + 1].Next)
        {
            var value = name + 1;
            switch (ShapeOf(JsonStrings.ToText(text.Raw(name), text.Tokens[name].Escaped), resource.Dialect.Draft))
            {
                case Shape.One when (text.Tokens[value].Types & Schema) != 0:
                    pending.Push((value, resource));
                    break;
                case Shape.One or Shape.Many when text.Tokens[value].Types == JsonTypes.Array:
                    PushItems(text, value, resource, pending);
                    break;
                case Shape.Named when text.Tokens[value].Types == JsonTypes.Object:
                    PushMembers(text, value, resource, pending);
                    break;
                default:
                    break;
            }
        }
    }

    private enum Shape
    {
        None,
        One,
        Many,
        Named,
    }

    private static Shape ShapeOf(string keyword, JsonSchemaDraft draft) => keyword switch
    {
        "not" or "if" or "then" or "else" or "contains" or "propertyNames" or "additionalProperties" or "items" => Shape.One,
        "additionalItems" => draft < JsonSchemaDraft.Draft202012 ? Shape.One : Shape.None,
        "unevaluatedItems" or "unevaluatedProperties" or "contentSchema" => draft > JsonSchemaDraft.Draft7 ? Shape.One : Shape.None,
        "allOf" or "anyOf" or "oneOf" => Shape.Many,
        "prefixItems" => draft == JsonSchemaDraft.Draft202012 ? Shape.Many : Shape.None,
        "properties" or "patternProperties" or "definitions" or "dependencies" => Shape.Named,
        "$defs" or "dependentSchemas" => draft > JsonSchemaDraft.Draft7 ? Shape.Named : Shape.None,
        _ => Shape.None,
    };

    private static void PushItems(scoped JsonText text, int array, SchemaResource resource, Stack<(int Token, SchemaResource Owner)> pending)
    {
        for (var item = array + 1; item < text.Tokens[array].Next; item = text.Tokens[item].Next)
        {
            PushSchema(text, item, resource, pending);
        }
    }

    private static void PushMembers(scoped JsonText text, int map, SchemaResource resource, Stack<(int Token, SchemaResource Owner)> pending)
    {
        for (var name = map + 1; name < text.Tokens[map].Next; name = text.Tokens[name + 1].Next)
        {
            PushSchema(text, name + 1, resource, pending);
        }
    }

    private static void PushSchema(scoped JsonText text, int token, SchemaResource resource, Stack<(int Token, SchemaResource Owner)> pending)
    {
        if ((text.Tokens[token].Types & Schema) != 0)
        {
            pending.Push((token, resource));
        }
    }
}
