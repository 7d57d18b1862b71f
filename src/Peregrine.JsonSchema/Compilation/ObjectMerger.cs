using System.Text;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>
/// Puts the object keywords of a schema and of all that it applies to the same value without condition (<c>$ref</c>, <c>allOf</c>) into one set of rules, so that an object composed of
/// parts is judged in one pass over its members, and <c>unevaluatedProperties</c> needs no marks: what no part names is what it applies to. Only where nobody collects errors, which need each part's own location.
/// </summary>
internal sealed class ObjectMerger
{
    // More parts are possible, but parts that share parts could be very many.
    private const int MaxParts = 16;

    // Presence is kept in the bits of a register.
    private const int MaxNames = 64;

    private readonly Dictionary<string, SchemaEdge?> _properties = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly HashSet<string> _required = new(StringComparer.Ordinal);
    private readonly ObjectRules _merged = new();
    private JsonTypes _types = SchemaNode.AllTypes;
    private int _parts;

    /// <summary>The rules for an object that the schema at <paramref name="node"/> judges; null where there is nothing to merge, or something that cannot be.</summary>
    public static ObjectRules? TryMerge(SchemaNode node) => new ObjectMerger().Merge(node);

    private ObjectRules? Merge(SchemaNode node)
    {
        // A schema that only refers to another is that other one, its unevaluatedProperties included.
        for (; OnlyReference(node) is { } target && _parts < MaxParts; _parts++)
        {
            _types &= node.Types;
            node = target.Target;
        }

        if (!Add(node, isRoot: true) || (_types & JsonTypes.Object) == 0 || (_parts == 1 && node.UnevaluatedProperties is null))
        {
            return null;
        }

        _merged.Additional = node.UnevaluatedProperties;
        _merged.Names = _names.Count == 0 ? null : new NameTable([.. _names.Select(static name => Encoding.UTF8.GetBytes(name))]);
        _merged.Properties = [.. _names.Select(name => _properties[name])];
        _merged.Required = [.. _names.Index().Where(name => _required.Contains(name.Item)).Select(static name => name.Index)];
        _merged.RequiredBits = _merged.Required.Aggregate(0UL, static (bits, name) => bits | (1UL << name));
        return _merged;
    }

    private static SchemaEdge? OnlyReference(SchemaNode node) =>
        node is { Values: null, Objects: null, UnevaluatedProperties: null, IsNever: false, InPlace: { } inPlace } && IsUnconditional(inPlace)
            ? (inPlace.Ref, inPlace.AllOf) switch
            {
                ({ } reference, []) => reference,
                (null, [var single]) => single,
                _ => null,
            }
            : null;

    private static bool IsUnconditional(InPlaceRules rules) => rules is { Dynamic: null, AnyOf: [], OneOf: [], Not: null, If: null };

    private bool Add(SchemaNode node, bool isRoot)
    {
        if (++_parts > MaxParts || node.IsNever || node.Values is not null || (!isRoot && node.UnevaluatedProperties is not null))
        {
            return false;
        }

        _types &= node.Types;
        return (node.Objects is null || Add(node.Objects))
            && (node.InPlace is null || (IsUnconditional(node.InPlace)
                && (node.InPlace.Ref is null || Add(node.InPlace.Ref.Target, isRoot: false))
                && node.InPlace.AllOf.All(edge => Add(edge.Target, isRoot: false))));
    }

    private bool Add(ObjectRules rules)
    {
        if (rules is not { Patterns: [], Additional: null, PropertyNames: null, Dependencies: [] })
        {
            return false;
        }

        _merged.MinProperties = Math.Max(_merged.MinProperties, rules.MinProperties);
        _merged.MaxProperties = Math.Min(_merged.MaxProperties, rules.MaxProperties);
        for (var i = 0; i < rules.Properties.Length; i++)
        {
            var name = Encoding.UTF8.GetString(rules.Names![i]);
            if (!_properties.TryGetValue(name, out var known))
            {
                _names.Add(name);
            }
            else if (known is not null && rules.Properties[i] is not null)
            {
                return false;
            }

            _properties[name] = known ?? rules.Properties[i];
        }

        _required.UnionWith(rules.Required.Select(name => Encoding.UTF8.GetString(rules.Names![name])));
        return _names.Count <= MaxNames;
    }
}
