using System.Globalization;
using System.Numerics;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;
using Peregrine.Protocol.Buffers;

namespace Peregrine.JsonSchema.Evaluation;

/// <summary>Arrays.</summary>
internal ref partial struct Evaluator
{
    // Up to here comparing each with each is faster than hashing.
    private const int FewItems = 8;

    private bool EvaluateArray(SchemaNode node, ArrayRules rules, int token, int marks)
    {
        ref readonly var value = ref _text.Tokens[token];
        _budget -= value.Length;
        var valid = value.Length >= rules.MinItems || Violated(node, "minItems", token);
        valid &= value.Length <= rules.MaxItems || Violated(node, "maxItems", token);
        if ((valid || _errors is not null) && (rules.Items is not null || rules.Prefix.Length > 0))
        {
            valid &= EvaluateItems(rules, token, marks);
        }

        if (rules.Contains is not null && (valid || _errors is not null))
        {
            valid &= EvaluateContains(node, rules, token, marks);
        }

        if (rules.UniqueItems && value.Length > 1 && (valid || _errors is not null))
        {
            valid &= CheckUnique(node, token);
        }

        return valid;
    }

    private bool EvaluateItems(ArrayRules rules, int token, int marks)
    {
        var valid = true;
        var ordinal = 0;
        var end = _text.Tokens[token].Next;
        for (var item = token + 1; item < end; item = _text.Tokens[item].Next, ordinal++)
        {
            var edge = ordinal < rules.Prefix.Length ? rules.Prefix[ordinal] : rules.Items;
            if (edge is null)
            {
                break;
            }

            if (!Evaluate(edge, item, NoMarks))
            {
                valid = false;
                if (_errors is null)
                {
                    return false;
                }
            }

            if (marks >= 0)
            {
                Mark(marks, ordinal);
            }
        }

        return valid;
    }

    private bool EvaluateContains(SchemaNode node, ArrayRules rules, int token, int marks)
    {
        var marking = marks >= 0 && rules.ContainsEvaluates;
        var end = _text.Tokens[token].Next;
        var matches = 0L;
        var ordinal = 0;
        for (var item = token + 1; item < end; item = _text.Tokens[item].Next, ordinal++)
        {
            if (!marking && matches >= rules.MinContains && (rules.MaxContains == long.MaxValue || matches > rules.MaxContains))
            {
                break;
            }

            if (EvaluateQuietly(rules.Contains!, item, NoMarks))
            {
                matches++;
                if (marking)
                {
                    Mark(marks, ordinal);
                }
            }
        }

        var valid = matches >= rules.MinContains || Violated(node, rules.MinContains == 1 ? "contains" : "minContains", token);
        return (matches <= rules.MaxContains || Violated(node, "maxContains", token)) & valid;
    }

    private bool CheckUnique(SchemaNode node, int token)
    {
        var (first, second) = _text.Tokens[token].Length <= FewItems ? FindEqualOfFew(token) : FindEqualOfMany(token);
        if (first < 0)
        {
            return true;
        }

        return _errors is not null
            && Violated(node, "uniqueItems", token, string.Create(CultureInfo.InvariantCulture, $"expected items that differ, but items {first} and {second} are equal"));
    }

    private readonly (int First, int Second) FindEqualOfFew(int token)
    {
        var end = _text.Tokens[token].Next;
        var ordinal = 0;
        for (var item = token + 1; item < end; item = _text.Tokens[item].Next, ordinal++)
        {
            var other = ordinal + 1;
            for (var next = _text.Tokens[item].Next; next < end; next = _text.Tokens[next].Next, other++)
            {
                if (JsonEquality.Equal(_text, item, _text, next))
                {
                    return (ordinal, other);
                }
            }
        }

        return (-1, -1);
    }

    /// <summary>Finds equal items with a hash table in pooled memory: for each slot the item's ordinal and one, its token and its hash.</summary>
    private readonly (int First, int Second) FindEqualOfMany(int token)
    {
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)_text.Tokens[token].Length * 2);
        var table = PooledArrays.Rent<(int Ordinal, int Token, int Hash)>(slots);
        table.AsSpan(0, slots).Clear();
        var result = (-1, -1);
        var end = _text.Tokens[token].Next;
        var ordinal = 1;
        for (var item = token + 1; item < end && result.Item1 < 0; item = _text.Tokens[item].Next, ordinal++)
        {
            var hash = JsonEquality.Hash(_text, item);
            var slot = hash & (slots - 1);
            while (table[slot].Ordinal != 0 && result.Item1 < 0)
            {
                if (table[slot].Hash == hash && JsonEquality.Equal(_text, table[slot].Token, _text, item))
                {
                    result = (table[slot].Ordinal - 1, ordinal - 1);
                }

                slot = (slot + 1) & (slots - 1);
            }

            table[slot] = (ordinal, item, hash);
        }

        PooledArrays.Return(table);
        return result;
    }
}
