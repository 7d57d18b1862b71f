using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.JsonSchema.Compilation;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>
/// Makes instances that probably fulfil one schema and lie where another may differ: bounds, names and values of both. Always the same ones for the same schemas. Most are valid, none need be.
/// </summary>
internal sealed class InstanceSampler
{
    private const int Generated = 160;
    private const int MaxDepth = 6;
    private const int MaxItems = 12;
    private const int Tries = 6;

    private readonly Random _random = new(20251125);
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly SamplePools _pools;
    private readonly Conjunction _root;
    private double _optional;

    public InstanceSampler(CompiledSchema sampled, CompiledSchema other)
    {
        _root = Conjunction.Of(sampled.Root.Target);
        _pools = new SamplePools(sampled.Root.Target, other.Root.Target);
    }

    /// <summary>The instances, raw JSON.</summary>
    public IEnumerable<string> Samples()
    {
        foreach (var value in _pools.Values)
        {
            yield return value;
        }

        for (var i = 0; i < Generated; i++)
        {
            // First what is required only, then everything, then some of it.
            _optional = (i % 4) switch { 0 => 0, 1 => 1, 2 => 0.5, _ => 0.15 };
            var json = new StringBuilder();
            Write(json, _root, 0);
            var instance = json.ToString();
            if (_made.Add(instance))
            {
                yield return instance;
            }
        }
    }

    private void Write(StringBuilder json, Conjunction value, int depth)
    {
        for (var i = 0; i < Tries && value.Choices() is { } choices; i++)
        {
            var viable = choices.Where(static choice => choice.Kinds != ValueKinds.None).ToList();
            value = viable.Count == 0 ? choices[0] : viable[_random.Next(viable.Count)];
        }

        if (value.Nodes.Find(static node => node.Values is not null) is { } listed && !Chance(0.1))
        {
            var tokens = listed.Values!.Const >= 0 ? [listed.Values.Const] : listed.Values.Enum!;
            json.Append(tokens.Length == 0 ? "null" : new SchemaLiteral(listed.Position.Document, tokens[_random.Next(tokens.Length)]).ToJson());
            return;
        }

        var kinds = ValueKindReader.Each.Where(kind => value.Kinds.HasFlag(kind)).SelectMany(kind => Enumerable.Repeat(kind, Weight(value, kind))).ToList();
        var picked = depth >= MaxDepth || kinds.Count == 0 || Chance(0.02) ? ValueKindReader.Each[_random.Next(ValueKindReader.Each.Count)] : kinds[_random.Next(kinds.Count)];
        switch (picked)
        {
            case ValueKinds.Object when depth < MaxDepth:
                WriteObject(json, value.For(ValueKinds.Object), depth);
                break;
            case ValueKinds.Array when depth < MaxDepth:
                WriteArray(json, value, depth);
                break;
            case ValueKinds.String:
                json.Append(PickString(value));
                break;
            case ValueKinds.Whole or ValueKinds.Fraction:
                json.Append(PickNumber(NumberRange.Of(value.For(picked)), picked));
                break;
            case ValueKinds.Boolean:
                json.Append(Chance(0.5) ? "true" : "false");
                break;
            default:
                json.Append("null");
                break;
        }
    }

    /// <summary>How often to pick a kind: more where the schemas say something of it.</summary>
    private static int Weight(Conjunction value, ValueKinds kind) => value.Nodes.Exists(node => kind switch
    {
        ValueKinds.Object => node.Objects is not null,
        ValueKinds.Array => node.Arrays is not null,
        ValueKinds.String => node.Strings is not null,
        ValueKinds.Whole or ValueKinds.Fraction => node.Numbers is not null,
        _ => false,
    }) ? 4 : 1;

    private void WriteObject(StringBuilder json, Conjunction value, int depth)
    {
        SortedSet<string> names = new(value.Required, StringComparer.Ordinal);
        if (names.Count > 0 && Chance(0.03))
        {
            names.Remove(names.ElementAt(_random.Next(names.Count)));
        }

        var most = value.MaxProperties;
        IEnumerable<string> candidates = [.. value.Names(), .. _pools.Names.Where(_ => Chance(0.1)), "other", "z"];
        foreach (var name in most < int.MaxValue ? candidates.OrderBy(_ => _random.Next()) : candidates)
        {
            if ((names.Count < most && Chance(name is "other" or "z" ? 0.1 : _optional)) || names.Count < value.MinProperties)
            {
                names.Add(name);
            }
        }

        json.Append('{');
        var separator = "";
        foreach (var name in names)
        {
            json.Append(separator).Append('"').Append(JsonEncodedText.Encode(name)).Append("\":");
            Write(json, Member(value, name), depth + 1);
            separator = ",";
        }

        json.Append('}');
    }

    private void WriteArray(StringBuilder json, Conjunction value, int depth)
    {
        var count = (int)Math.Min(Math.Max(value.MinItems, value.MinItems + _random.Next(-1, 4)), Math.Min(value.MaxItems, MaxItems));
        if (_pools.Counts.Count > 0 && Chance(0.3))
        {
            count = Math.Min(MaxItems, _pools.Counts[_random.Next(_pools.Counts.Count)]);
        }

        json.Append('[');
        for (var i = 0; i < count; i++)
        {
            json.Append(i == 0 ? "" : ",");
            var contained = value.Nodes.Find(static node => node.Arrays?.Contains is not null);
            var item = value.Item(i);
            Write(json, contained is not null && Chance(0.5) ? item.With(contained.Arrays!.Contains!.Target) : item, depth + 1);
        }

        json.Append(']');
    }

    private string PickString(Conjunction value)
    {
        var picked = "\"\"";
        for (var i = 0; i < Tries; i++)
        {
            picked = _pools.Strings[_random.Next(_pools.Strings.Count)];
            var length = picked.Length - 2;
            if (length >= value.MinLength && length <= value.MaxLength && value.Nodes.TrueForAll(node => node.Strings?.Pattern is null || new InstanceProbe(node).Takes(picked)))
            {
                break;
            }
        }

        return picked;
    }

    private string PickNumber(NumberRange range, ValueKinds kind)
    {
        var picked = 0m;
        for (var i = 0; i < Tries; i++)
        {
            picked = _pools.Numbers[_random.Next(_pools.Numbers.Count)];
            var divisor = range.Divisors.Count > 0 && decimal.TryParse(range.Divisors[0].Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var step) && step > 0 ? step : 0;
            picked = divisor > 0 && Math.Abs(picked) < 1_000_000_000 ? decimal.Round(picked / divisor) * divisor : picked;
            if (decimal.IsInteger(picked) == (kind == ValueKinds.Whole) && range.Contains(picked))
            {
                break;
            }
        }

        return picked.ToString(CultureInfo.InvariantCulture);
    }

    private static Conjunction Member(Conjunction value, string name)
    {
        var member = new Conjunction();
        var timedOut = false;
        foreach (var node in value.Nodes)
        {
            foreach (var schema in node.Objects is { } objects ? MemberSchemas.Applied(objects, name, ref timedOut) : [])
            {
                member.Add(schema);
            }
        }

        return member;
    }

    private bool Chance(double share) => _random.NextDouble() < share;
}
