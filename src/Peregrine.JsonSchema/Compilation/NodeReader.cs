using Peregrine.JsonSchema.Dialects;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>Reads one schema object into its node: a keyword at a time, then what depends on several of them.</summary>
internal sealed partial class NodeReader(SchemaCompiler compiler, SchemaNode node)
{
    private readonly SchemaPosition _position = node.Position;
    private readonly Dialect _dialect = node.Position.Resource.Dialect;

    private JsonText Text => _position.Document.Text;

    public void Read()
    {
        var text = Text;
        ref readonly var schema = ref text.Tokens[_position.Token];
        if (schema.Types == JsonTypes.Boolean)
        {
            node.IsNever = !schema.True;
            node.IsTypeOnly = schema.True;
            return;
        }

        // In draft 7 a reference replaces everything beside it.
        var onlyReference = _dialect.Draft == JsonSchemaDraft.Draft7 && JsonPointers.Member(text, _position.Token, "$ref") >= 0;
        for (var name = _position.Token + 1; name < schema.Next; name = text.Tokens[name + 1].Next)
        {
            var keyword = JsonStrings.ToText(text.Raw(name), text.Tokens[name].Escaped);
            if (!onlyReference || keyword == "$ref")
            {
                _ = ReadReference(keyword, name + 1)
                    || (_dialect.Applicator && (ReadInPlace(keyword, name + 1) || ReadChildren(keyword, name + 1)))
                    || (_dialect.Unevaluated && ReadUnevaluated(keyword, name + 1))
                    || (_dialect.Validation && (ReadValidation(keyword, name + 1) || ReadSizes(keyword, name + 1)))
                    || ReadFormat(keyword, name + 1);
            }
        }

        Finish();
        node.Numbers?.Finish();
        node.IsLeaf = node is { Arrays: null, Objects: null, InPlace: null, UnevaluatedItems: null, UnevaluatedProperties: null };
        node.IsTypeOnly = node is
        {
            Values: null, Numbers: null, Strings: null, Arrays: null, Objects: null, InPlace: null, UnevaluatedItems: null, UnevaluatedProperties: null
        };
    }

    private bool ReadReference(string keyword, int value)
    {
        switch (keyword)
        {
            case "$ref":
                InPlace.Ref = compiler.Reference(_position, String(keyword, value), keyword, out _, out _);
                return true;
            case "$dynamicRef" when _dialect.Draft == JsonSchemaDraft.Draft202012:
                var edge = compiler.Reference(_position, String(keyword, value), keyword, out var anchor, out var target);
                // Only a reference that first leads to a dynamic anchor follows the dynamic scope.
                var isDynamic = anchor is not null && target.Resource.DynamicAnchors.TryGetValue(anchor, out var token) && token == target.Token;
                InPlace.Dynamic = isDynamic ? compiler.Dynamic(anchor!, edge) : new DynamicReference("", edge);
                return true;
            case "$recursiveRef" when _dialect.Draft == JsonSchemaDraft.Draft201909:
                var recursive = compiler.Reference(_position, String(keyword, value), keyword, out _, out var root);
                var follows = root.Resource.DynamicAnchors.ContainsKey(SchemaResource.RecursiveAnchor) && root.Token == root.Resource.Token;
                InPlace.Dynamic = follows ? compiler.Dynamic(SchemaResource.RecursiveAnchor, recursive) : new DynamicReference("", recursive);
                return true;
            default:
                return false;
        }
    }

    private bool ReadInPlace(string keyword, int value)
    {
        switch (keyword)
        {
            case "allOf":
                InPlace.AllOf = Schemas(keyword, value);
                return true;
            case "anyOf":
                InPlace.AnyOf = Schemas(keyword, value);
                return true;
            case "oneOf":
                InPlace.OneOf = Schemas(keyword, value);
                return true;
            case "not":
                InPlace.Not = compiler.Edge(_position, value, "/not");
                return true;
            case "if":
                InPlace.If = compiler.Edge(_position, value, "/if");
                return true;
            case "then":
                InPlace.Then = compiler.Edge(_position, value, "/then");
                return true;
            case "else":
                InPlace.Else = compiler.Edge(_position, value, "/else");
                return true;
            default:
                return false;
        }
    }

    private bool ReadUnevaluated(string keyword, int value)
    {
        switch (keyword)
        {
            case "unevaluatedItems" when _dialect.Draft > JsonSchemaDraft.Draft7:
                node.UnevaluatedItems = compiler.Edge(_position, value, "/unevaluatedItems");
                return true;
            case "unevaluatedProperties" when _dialect.Draft > JsonSchemaDraft.Draft7:
                node.UnevaluatedProperties = compiler.Edge(_position, value, "/unevaluatedProperties");
                return true;
            default:
                return false;
        }
    }

    private InPlaceRules InPlace => node.InPlace ??= new InPlaceRules();

    private ArrayRules Arrays => node.Arrays ??= new ArrayRules();

    private ObjectRules Objects => node.Objects ??= new ObjectRules();

    private StringRules Strings => node.Strings ??= new StringRules();

    private NumberRules Numbers => node.Numbers ??= new NumberRules();

    private JsonSchemaException Fault(string keyword, string message) => SchemaCompiler.Fault(_position, "/" + JsonPointers.Escape(keyword), message);

    private string String(string keyword, int value) =>
        Text.Tokens[value].Types == JsonTypes.String
            ? JsonStrings.ToText(Text.Raw(value), Text.Tokens[value].Escaped)
            : throw Fault(keyword, "expected a string.");

    private SchemaEdge[] Schemas(string keyword, int value)
    {
        if (Text.Tokens[value].Types != JsonTypes.Array)
        {
            throw Fault(keyword, "expected an array of schemas.");
        }

        if (Text.Tokens[value].Length == 0 && keyword is not ("items" or "prefixItems"))
        {
            throw Fault(keyword, "expected at least one schema.");
        }

        var edges = new List<SchemaEdge>();
        for (var item = value + 1; item < Text.Tokens[value].Next; item = Text.Tokens[item].Next)
        {
            edges.Add(compiler.Edge(_position, item, $"/{keyword}/{edges.Count}"));
        }

        return [.. edges];
    }

    /// <summary>The members of an object value: name, token of the value. Of members with one name the last counts.</summary>
    private Dictionary<string, int> Members(string keyword, int value, string what)
    {
        if (Text.Tokens[value].Types != JsonTypes.Object)
        {
            throw Fault(keyword, $"expected an object of {what}.");
        }

        var members = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var name = value + 1; name < Text.Tokens[value].Next; name = Text.Tokens[name + 1].Next)
        {
            members[JsonStrings.ToText(Text.Raw(name), Text.Tokens[name].Escaped)] = name + 1;
        }

        return members;
    }

    private List<string> Names(string keyword, int value)
    {
        if (Text.Tokens[value].Types != JsonTypes.Array)
        {
            throw Fault(keyword, "expected an array of names.");
        }

        List<string> names = [];
        for (var item = value + 1; item < Text.Tokens[value].Next; item = Text.Tokens[item].Next)
        {
            names.Add(String(keyword, item));
        }

        return names;
    }
}
