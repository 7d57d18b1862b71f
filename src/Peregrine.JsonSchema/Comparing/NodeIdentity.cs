using System.Globalization;
using System.Text;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>Which schemas are surely the same, written alike, and names for questions about them.</summary>
internal sealed class NodeIdentity(CompiledSchema one, CompiledSchema other)
{
    private readonly Dictionary<SchemaNode, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(SchemaNode, SchemaNode), bool> _equal = [];

    // What a resolver gives for one name may be two things.
    private readonly bool _mayFollow = one.Options.Resolver is null && other.Options.Resolver is null;

    /// <summary>A name for a question: the same for the same schemas in whatever order.</summary>
    public string Key(Conjunction sub, SchemaNode? sup)
    {
        var key = new StringBuilder();
        Append(key, sub.Nodes.Select(Number));
        key.Append('!');
        Append(key, sub.Negated.Select(Number));
        key.Append('?').Append((int)sub.Kinds).Append(':').Append(sup is null ? -1 : Number(sup));
        foreach (var name in sub.Required)
        {
            key.Append('\n').Append(name);
        }

        return key.ToString();
    }

    /// <summary>Whether two schemas are written alike and mean the same.</summary>
    public bool AreEqual(SchemaNode left, SchemaNode right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        if (!_equal.TryGetValue((left, right), out var equal))
        {
            equal = Compare(left.Position, right.Position);
            _equal.Add((left, right), equal);
        }

        return equal;
    }

    private static void Append(StringBuilder key, IEnumerable<int> numbers)
    {
        foreach (var number in numbers.Order())
        {
            key.Append(CultureInfo.InvariantCulture, $"{number},");
        }
    }

    private int Number(SchemaNode node)
    {
        if (!_numbers.TryGetValue(node, out var number))
        {
            number = _numbers.Count;
            _numbers.Add(node, number);
        }

        return number;
    }

    private bool Compare(SchemaPosition left, SchemaPosition right)
    {
        if (left.Resource.Dialect != right.Resource.Dialect || !JsonEquality.Equal(left.Document.Text, left.Token, right.Document.Text, right.Token))
        {
            return false;
        }

        // A reference means something in its document only: then the documents must be the same, and the place in them.
        return !HasReference(left.Document.Text, left.Token)
            || (_mayFollow && left.Document.Uri == right.Document.Uri && JsonEquality.Equal(left.Document.Text, 0, right.Document.Text, 0)
                && JsonPointers.Of(left.Document.Text, 0, left.Token, out _) == JsonPointers.Of(right.Document.Text, 0, right.Token, out _));
    }

    private static bool HasReference(scoped JsonText text, int schema)
    {
        for (var token = schema + 1; token < text.Tokens[schema].Next; token++)
        {
            if (text.Tokens[token].Types == JsonTypes.String && (text.Tokens[token].Escaped || text.Raw(token).StartsWith("$"u8)))
            {
                return true;
            }
        }

        return false;
    }
}
