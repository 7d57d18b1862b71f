using System.Globalization;
using System.Text;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>What is known of a number: its bounds and its divisors.</summary>
/// <param name="Lower">The tightest lower bound, or null.</param>
/// <param name="Upper">The tightest upper bound, or null.</param>
/// <param name="Divisors">Numbers that it is a multiple of.</param>
/// <param name="IsWhole">Whether it is a whole number; it is none otherwise.</param>
internal sealed record NumberRange(NumberLimit? Lower, NumberLimit? Upper, IReadOnlyList<NumberBound> Divisors, bool IsWhole)
{
    /// <summary>Whether no number fits.</summary>
    public bool IsEmpty
    {
        get
        {
            if (!IsWhole && Divisors.Any(static divisor => divisor.Number.IsInteger))
            {
                return true;
            }

            if (Lower is not { } lower || Upper is not { } upper)
            {
                return false;
            }

            var order = lower.CompareTo(upper);
            return order > 0 || (order == 0 && (lower.IsExclusive || upper.IsExclusive)) || (IsWhole && lower.FirstWhole(up: true) > upper.FirstWhole(up: false));
        }
    }

    /// <summary>What a conjunction for one kind of number says.</summary>
    public static NumberRange Of(Conjunction sub)
    {
        NumberLimit? lower = null, upper = null;
        List<NumberBound> divisors = [];
        foreach (var node in sub.Nodes)
        {
            if (node.Numbers is { } rules)
            {
                lower = Tightest(lower, Limits(rules.Minimum, rules.ExclusiveMinimum), 1);
                upper = Tightest(upper, Limits(rules.Maximum, rules.ExclusiveMaximum), -1);
                divisors.AddRange(rules.MultipleOf is { } divisor ? [divisor] : Array.Empty<NumberBound>());
            }
        }

        return new NumberRange(lower, upper, divisors, sub.Kinds == ValueKinds.Whole);
    }

    /// <summary>Whether every number of the range keeps the rules.</summary>
    public bool Fulfils(NumberRules rules) =>
        Limits(rules.Minimum, rules.ExclusiveMinimum).All(limit => Lower is { } own && Implies(own, limit, 1))
        && Limits(rules.Maximum, rules.ExclusiveMaximum).All(limit => Upper is { } own && Implies(own, limit, -1))
        && (rules.MultipleOf is not { } divisor || Divisors.Any(own => own.Number.IsMultipleOf(divisor.Number)) || (IsWhole && new JsonNumber("1"u8).IsMultipleOf(divisor.Number)));

    /// <summary>Whether a number lies between the bounds.</summary>
    public bool Contains(decimal number)
    {
        var limit = new NumberLimit(new NumberBound(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture))), false);
        return (Lower is not { } lower || limit.IsAsTightAs(lower, 1)) && (Upper is not { } upper || limit.IsAsTightAs(upper, -1));
    }

    private bool Implies(NumberLimit own, NumberLimit wanted, int direction) =>
        own.IsAsTightAs(wanted, direction)
        || (IsWhole && own.FirstWhole(direction > 0) is { } first && wanted.FirstWhole(direction > 0) is { } last && (direction > 0 ? first >= last : first <= last));

    private static NumberLimit? Tightest(NumberLimit? known, IEnumerable<NumberLimit> limits, int direction)
    {
        foreach (var limit in limits)
        {
            known = known is { } other && other.IsAsTightAs(limit, direction) ? other : limit;
        }

        return known;
    }

    private static IEnumerable<NumberLimit> Limits(NumberBound? inclusive, NumberBound? exclusive)
    {
        if (inclusive is not null)
        {
            yield return new NumberLimit(inclusive, false);
        }

        if (exclusive is not null)
        {
            yield return new NumberLimit(exclusive, true);
        }
    }
}

/// <summary>One bound of a number.</summary>
internal readonly record struct NumberLimit(NumberBound Bound, bool IsExclusive)
{
    // Decimals have 28 digits: what is shorter, and has no exponent, they hold exactly.
    private const int MaxExactLength = 24;

    public int CompareTo(NumberLimit other) => JsonNumber.Compare(Bound.Number, other.Bound.Number);

    /// <summary>Whether all numbers within this limit are within the other.</summary>
    public bool IsAsTightAs(NumberLimit other, int direction)
    {
        var order = CompareTo(other) * direction;
        return order > 0 || (order == 0 && (IsExclusive || !other.IsExclusive));
    }

    /// <summary>The first whole number within the limit; null where that is not worked out.</summary>
    public decimal? FirstWhole(bool up)
    {
        var text = Bound.Text;
        if (text.Length > MaxExactLength || text.AsSpan().ContainsAny('e', 'E') || !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        var whole = up ? decimal.Ceiling(value) : decimal.Floor(value);
        return IsExclusive && whole == value ? whole + (up ? 1 : -1) : whole;
    }
}
