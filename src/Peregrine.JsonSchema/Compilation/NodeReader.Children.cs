using System.Text;
using Peregrine.JsonSchema.Patterns;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>Keywords that apply schemas to members and items.</summary>
internal sealed partial class NodeReader
{
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<SchemaEdge?> _properties = [];
    private readonly HashSet<int> _required = [];
    private readonly List<ObjectRules.Dependency> _dependencies = [];
    private SchemaEdge? _items;
    private SchemaEdge? _additionalItems;
    private bool _hasItemArray;

    private bool ReadChildren(string keyword, int value)
    {
        switch (keyword)
        {
            case "properties":
                foreach (var (name, token) in Members(keyword, value, "schemas"))
                {
                    _properties[NameIndex(name)] = compiler.Edge(_position, token, "/properties/" + JsonPointers.Escape(name));
                }

                return true;
            case "patternProperties":
                Objects.Patterns = [.. Members(keyword, value, "schemas").Select(m =>
                    new ObjectRules.PatternProperty(Pattern(m.Key, keyword), compiler.Edge(_position, m.Value, "/patternProperties/" + JsonPointers.Escape(m.Key))))];
                return true;
            case "additionalProperties":
                Objects.Additional = compiler.Edge(_position, value, "/additionalProperties");
                return true;
            case "propertyNames":
                Objects.PropertyNames = compiler.Edge(_position, value, "/propertyNames");
                return true;
            case "dependentSchemas" when _dialect.Draft > JsonSchemaDraft.Draft7:
                foreach (var (name, token) in Members(keyword, value, "schemas"))
                {
                    DependentSchema(keyword, name, token);
                }

                return true;
            case "dependencies":
                ReadDependencies(keyword, value);
                return true;
            default:
                return ReadItems(keyword, value);
        }
    }

    private bool ReadItems(string keyword, int value)
    {
        switch (keyword)
        {
            case "prefixItems" when _dialect.Draft == JsonSchemaDraft.Draft202012:
                Arrays.Prefix = Schemas(keyword, value);
                return true;
            case "items" when _dialect.Draft < JsonSchemaDraft.Draft202012 && Text.Tokens[value].Types == JsonTypes.Array:
                Arrays.Prefix = Schemas(keyword, value);
                _hasItemArray = true;
                return true;
            case "items":
                _items = compiler.Edge(_position, value, "/items");
                return true;
            case "additionalItems" when _dialect.Draft < JsonSchemaDraft.Draft202012:
                _additionalItems = compiler.Edge(_position, value, "/additionalItems");
                return true;
            case "contains":
                Arrays.Contains = compiler.Edge(_position, value, "/contains");
                Arrays.ContainsEvaluates = _dialect.Draft == JsonSchemaDraft.Draft202012;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The keyword that later drafts split into <c>dependentSchemas</c> and <c>dependentRequired</c>, and still may read.</summary>
    private void ReadDependencies(string keyword, int value)
    {
        foreach (var (name, token) in Members(keyword, value, "schemas and arrays of names"))
        {
            if (Text.Tokens[token].Types == JsonTypes.Array)
            {
                DependentNames(keyword, name, token);
            }
            else
            {
                DependentSchema(keyword, name, token);
            }
        }
    }

    private void DependentSchema(string keyword, string name, int token) =>
        _dependencies.Add(new ObjectRules.Dependency(keyword, NameIndex(name), [], compiler.Edge(_position, token, $"/{keyword}/{JsonPointers.Escape(name)}")));

    private void DependentNames(string keyword, string name, int token) =>
        _dependencies.Add(new ObjectRules.Dependency(keyword, NameIndex(name), [.. Names(keyword, token).Select(NameIndex)], null));

    private int NameIndex(string name)
    {
        if (!_names.TryGetValue(name, out var index))
        {
            index = _properties.Count;
            _names.Add(name, index);
            _properties.Add(null);
        }

        return index;
    }

    private EcmaPattern Pattern(string pattern, string keyword)
    {
        try
        {
            return EcmaPattern.Compile(pattern, compiler.Options.PatternTimeout);
        }
        catch (ArgumentException e)
        {
            throw new JsonSchemaException(SchemaIndex.Location(_position) + "/" + keyword, $"\"{pattern}\" is no regular expression that can be used: {e.Message}", e);
        }
    }

    private void Finish()
    {
        if (_hasItemArray ? _additionalItems is not null : _items is not null)
        {
            Arrays.Items = _hasItemArray ? _additionalItems : _items;
        }

        if (node.Arrays is { Contains: null } arrays)
        {
            arrays.MinContains = 0;
        }

        if (_names.Count == 0)
        {
            return;
        }

        var rules = Objects;
        rules.Names = new NameTable([.. _names.OrderBy(static n => n.Value).Select(static n => Encoding.UTF8.GetBytes(n.Key))]);
        rules.Properties = [.. _properties];
        rules.Required = [.. _required.Order()];
        rules.RequiredBits = _names.Count <= 64 ? rules.Required.Aggregate(0UL, static (bits, name) => bits | (1UL << name)) : 0;
        rules.Dependencies = [.. _dependencies];
    }
}
