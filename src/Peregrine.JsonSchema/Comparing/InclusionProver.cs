using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Evaluation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>
/// Tries to prove that every instance of one schema is an instance of another: keyword by keyword, for each kind of value by itself, by cases where the one has alternatives. What it proves holds; what it
/// does not prove may hold all the same. For one proof, on one thread.
/// </summary>
/// <remarks>
/// Recursive schemas: a question that comes up again below itself, for a member or an item, may be taken as answered. That is an induction over the depth of the instance, and sound only because the value
/// is a smaller one; for the same value the question stays open.
/// </remarks>
internal sealed partial class InclusionProver(CompiledSchema part, CompiledSchema whole)
{
    // Far above what schemas of tools need; a proof that needs more would take more than some tens of milliseconds.
    private const int MaxSteps = 20_000;
    private const int MaxChoices = 6;
    private const int MaxDepth = 100;

    private readonly NodeIdentity _identity = new(part, whole);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _proved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Level, int Depth)> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _openEmptiness = new(StringComparer.Ordinal);
    private int _steps;
    private int _level;
    private int _lowestAssumption = int.MaxValue;
    private bool _abandoned;

    /// <summary>Tries.</summary>
    /// <returns>True where it is proved.</returns>
    public bool Prove() =>
        _identity.AreEqual(part.Root.Target, whole.Root.Target)
        || (!part.HasDynamicScope && !whole.HasDynamicScope && Includes(Conjunction.Of(part.Root.Target), whole.Root.Target) && !_abandoned);

    /// <summary>Whether all values of the conjunction are instances of the schema.</summary>
    private bool Includes(Conjunction sub, SchemaNode sup)
    {
        foreach (var kind in ValueKindReader.Each)
        {
            if (sub.Kinds.HasFlag(kind) && !IncludesKind(sub.For(kind), sup))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same below a member or an item: a smaller value.</summary>
    private bool IncludesBelow(Conjunction sub, SchemaNode sup)
    {
        _level++;
        var includes = Includes(sub, sup);
        _level--;
        return includes;
    }

    /// <summary>The same for values of one kind.</summary>
    private bool IncludesKind(Conjunction sub, SchemaNode sup)
    {
        if (sub.Kinds == ValueKinds.None || (sup.IsTypeOnly && (ValueKindReader.Of(sup) & sub.Kinds) == sub.Kinds) || sub.Nodes.Exists(node => _identity.AreEqual(node, sup)))
        {
            return true;
        }

        var key = _identity.Key(sub, sup);
        if (_proved.Contains(key))
        {
            return true;
        }

        if (_open.TryGetValue(key, out var open))
        {
            _lowestAssumption = open.Level < _level ? Math.Min(_lowestAssumption, open.Depth) : _lowestAssumption;
            return open.Level < _level;
        }

        if (_failed.Contains(key) || ++_steps > MaxSteps || _open.Count > MaxDepth)
        {
            return false;
        }

        var depth = _open.Count;
        _open.Add(key, (_level, depth));
        var before = _lowestAssumption;
        _lowestAssumption = int.MaxValue;
        var proved = ProveKind(sub, sup);
        _open.Remove(key);
        if (!proved)
        {
            _failed.Add(key);
        }
        else if (_lowestAssumption >= depth)
        {
            // It leans on nothing that is still to be proved.
            _proved.Add(key);
            _lowestAssumption = int.MaxValue;
        }

        _lowestAssumption = Math.Min(before, _lowestAssumption);
        return proved;
    }

    private bool ProveKind(Conjunction sub, SchemaNode sup)
    {
        if (FiniteValues(sub) is { } values)
        {
            return values.All(value => !Takes(sub, value) || Accepts(sup, value));
        }

        return Fulfils(sub, sup) || IsEmpty(sub) || (sub.Chosen.Count < MaxChoices && sub.Choices()?.All(choice => IncludesKind(choice, sup)) == true);
    }

    /// <summary>Whether each keyword of the schema holds for all values of the conjunction, without a look at its alternatives.</summary>
    private bool Fulfils(Conjunction sub, SchemaNode sup) =>
        (ValueKindReader.Of(sup) & sub.Kinds) == sub.Kinds
        && sup.Values is null
        && sub.Kinds switch
        {
            ValueKinds.Object => sup.Objects is null || FulfilsObject(sub, sup.Objects),
            ValueKinds.Array => sup.Arrays is null || FulfilsArray(sub, sup.Arrays),
            ValueKinds.String => sup.Strings is null || FulfilsString(sub, sup.Strings),
            _ => sup.Numbers is null || NumberRange.Of(sub).Fulfils(sup.Numbers),
        }
        && (sup.InPlace is null || FulfilsInPlace(sub, sup.InPlace))
        && (sup.UnevaluatedProperties is null || sub.Kinds != ValueKinds.Object || FulfilsUnevaluated(sub, sup, sup.UnevaluatedProperties.Target))
        && (sup.UnevaluatedItems is null || sub.Kinds != ValueKinds.Array || IsAnything(sup.UnevaluatedItems.Target));

    private static bool IsAnything(SchemaNode node) => node.IsTypeOnly && ValueKindReader.Of(node) == ValueKinds.All;

    private static bool FulfilsString(Conjunction sub, StringRules rules) =>
        rules.MinLength <= sub.MinLength
        && rules.MaxLength >= sub.MaxLength
        && (rules.Pattern is null || sub.Nodes.Exists(node => node.Strings?.Pattern?.Source == rules.Pattern.Source))
        && (rules.Format is null || sub.Nodes.Exists(node => ReferenceEquals(node.Strings?.Format, rules.Format)));

    private bool FulfilsInPlace(Conjunction sub, InPlaceRules rules)
    {
        if (rules.Dynamic is { ByResource.Length: > 0 } || !Conjunction.Certain(rules).All(edge => IncludesKind(sub, edge.Target)))
        {
            return false;
        }

        if (rules.AnyOf.Length > 1 && !rules.AnyOf.Any(edge => IncludesKind(sub, edge.Target)))
        {
            return false;
        }

        if (rules.OneOf.Length > 1 && !rules.OneOf.Any(edge => IncludesKind(sub, edge.Target) && rules.OneOf.All(other => ReferenceEquals(other, edge) || IsEmpty(sub.With(other.Target)))))
        {
            return false;
        }

        if (rules.Not is not null && !IsEmpty(sub.With(rules.Not.Target)))
        {
            return false;
        }

        return rules.If is null
            || ((rules.Then is null || IncludesKind(sub.With(rules.If.Target), rules.Then.Target)) && (rules.Else is null || IncludesKind(sub.Without(rules.If.Target), rules.Else.Target)));
    }

    /// <summary>All values that the conjunction may have, where they can be listed.</summary>
    private static IReadOnlyList<SchemaLiteral>? FiniteValues(Conjunction sub)
    {
        if (sub.Kinds is ValueKinds.Null or ValueKinds.Boolean)
        {
            return sub.Kinds == ValueKinds.Null ? SchemaLiteral.Null : SchemaLiteral.Booleans;
        }

        foreach (var node in sub.Nodes)
        {
            if (node.Values is { Const: >= 0 } one)
            {
                return [new SchemaLiteral(node.Position.Document, one.Const)];
            }

            if (node.Values?.Enum is { } many)
            {
                return [.. many.Select(token => new SchemaLiteral(node.Position.Document, token))];
            }
        }

        return null;
    }

    /// <summary>Whether a value belongs to the conjunction. True where that is not known.</summary>
    private bool Takes(Conjunction sub, SchemaLiteral value) =>
        sub.Kinds.HasFlag(value.Kind) && sub.Nodes.TrueForAll(node => Accepts(node, value)) && !sub.Negated.Exists(node => Accepts(node, value))
        && sub.Required.All(name => value.Kind != ValueKinds.Object || JsonPointers.Member(value.Document.Text, value.Token, name) >= 0);

    private bool Accepts(SchemaNode node, SchemaLiteral value)
    {
        var scratch = EvaluationScratch.Rent();
        var evaluator = new Evaluator(new CompiledSchema(new SchemaEdge(node, ""), part.Options, false, 0), value.Document.Text, scratch, null);
        var valid = evaluator.Run(value.Token);
        _abandoned |= evaluator.GaveUp != GiveUpReason.None;
        scratch.Return();
        return valid;
    }
}
