using System.Globalization;
using System.Text.Json;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>What two schemas mention, and its neighbours: from it instances are made.</summary>
internal sealed class SamplePools
{
    private const int LongestText = 300;
    private const int MostNodes = 2_000;

    private static readonly string[] s_texts =
    [
        "", "a", "b", "ab", "A", "1", "-", "a b", "x1", "é", "hello world", "2026-07-28", "12:00:00Z", "2026-07-28T09:30:00Z", "a@example.com", "https://example.com/a", "/a", "127.0.0.1", "::1", "P1D",
        "3fa85f64-5717-4562-b3fc-2c963f66afa6", "Oslo",
    ];

    private readonly SortedSet<decimal> _numbers = [0, 1, -1, 0.5m, 2, 10, 1_000_000];
    private readonly SortedSet<string> _strings = new(s_texts.Select(Quote), StringComparer.Ordinal);
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _values = new(["null", "true", "false", "0", "-1", "0.5", "\"\"", "\"a\"", "[]", "{}"], StringComparer.Ordinal);
    private readonly SortedSet<int> _counts = [0, 1];
    private readonly Conjunction _reader = new();

    public SamplePools(params ReadOnlySpan<SchemaNode> roots)
    {
        HashSet<SchemaNode> seen = new(ReferenceEqualityComparer.Instance);
        Stack<SchemaNode> open = new();
        foreach (var root in roots)
        {
            open.Push(root);
        }

        while (open.TryPop(out var node) && seen.Count < MostNodes)
        {
            if (seen.Add(node))
            {
                Read(node);
                foreach (var edge in Below(node))
                {
                    open.Push(edge.Target);
                }
            }
        }

        Numbers = [.. _numbers];
        Strings = [.. _strings];
        Names = [.. _names];
        Values = [.. _values];
        Counts = [.. _counts];
    }

    public IReadOnlyList<decimal> Numbers { get; }

    /// <summary>As JSON.</summary>
    public IReadOnlyList<string> Strings { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>As JSON.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Numbers of items.</summary>
    public IReadOnlyList<int> Counts { get; }

    private void Read(SchemaNode node)
    {
        foreach (var bound in (NumberBound?[])[node.Numbers?.Minimum, node.Numbers?.Maximum, node.Numbers?.ExclusiveMinimum, node.Numbers?.ExclusiveMaximum, node.Numbers?.MultipleOf])
        {
            if (bound is not null && decimal.TryParse(bound.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e24m)
            {
                _numbers.UnionWith([number, number + 1, number - 1, number + 0.5m, number - 0.5m, number * 2]);
            }
        }

        foreach (var length in (long?[])[node.Strings?.MinLength, node.Strings?.MaxLength])
        {
            if (length is <= LongestText)
            {
                _strings.UnionWith(new[] { length.Value - 1, length.Value, length.Value + 1 }.Where(static l => l >= 0).Select(static l => Quote(new string('a', (int)l))));
            }
        }

        foreach (var count in (long?[])[node.Arrays?.MinItems, node.Arrays?.MaxItems, node.Arrays?.MinContains, node.Arrays?.MaxContains])
        {
            if (count is < 100)
            {
                _counts.UnionWith([(int)Math.Max(0, count.Value - 1), (int)count.Value, (int)count.Value + 1]);
            }
        }

        for (var i = 0; i < (node.Objects?.Names?.Count ?? 0); i++)
        {
            _names.Add(_reader.NameOf(node.Objects!, i));
        }

        foreach (var token in node.Values is { Const: >= 0 } one ? [one.Const] : node.Values?.Enum ?? [])
        {
            Add(new SchemaLiteral(node.Position.Document, token));
        }

        ReadExamples(node.Position);
    }

    private void ReadExamples(SchemaPosition position)
    {
        var text = position.Document.Text;
        if (text.Tokens[position.Token].Types != JsonTypes.Object)
        {
            return;
        }

        if (JsonPointers.Member(text, position.Token, "default") is >= 0 and var value)
        {
            Add(new SchemaLiteral(position.Document, value));
        }

        if (JsonPointers.Member(text, position.Token, "examples") is >= 0 and var examples && text.Tokens[examples].Types == JsonTypes.Array)
        {
            for (var item = examples + 1; item < text.Tokens[examples].Next; item = text.Tokens[item].Next)
            {
                Add(new SchemaLiteral(position.Document, item));
            }
        }
    }

    private void Add(SchemaLiteral literal)
    {
        var json = literal.ToJson();
        _values.Add(json);
        if (literal.Kind == ValueKinds.String)
        {
            _strings.Add(json);
        }
        else if (literal.Kind is ValueKinds.Whole or ValueKinds.Fraction && decimal.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            _numbers.Add(number);
        }
    }

    private static IEnumerable<SchemaEdge> Below(SchemaNode node)
    {
        IEnumerable<SchemaEdge?> edges =
        [
            node.UnevaluatedItems, node.UnevaluatedProperties, node.Arrays?.Items, node.Arrays?.Contains, node.Objects?.Additional, node.Objects?.PropertyNames,
            .. node.InPlace?.Edges ?? [], .. node.Arrays?.Prefix ?? [], .. node.Objects?.Properties ?? [],
            .. node.Objects?.Patterns.Select(static pattern => pattern.Edge) ?? [], .. node.Objects?.Dependencies.Select(static dependency => dependency.Schema) ?? [],
        ];
        return edges.OfType<SchemaEdge>();
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
