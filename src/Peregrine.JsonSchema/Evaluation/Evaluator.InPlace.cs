using System.Globalization;
using Peregrine.JsonSchema.Compilation;

namespace Peregrine.JsonSchema.Evaluation;

/// <summary>Schemas that apply to the same value: references, combinations, conditions.</summary>
internal ref partial struct Evaluator
{
    private bool EvaluateInPlace(SchemaNode node, InPlaceRules rules, int token, int marks)
    {
        var valid = rules.Ref is null || Evaluate(rules.Ref, token, marks);
        if (rules.Dynamic is not null && (valid || _errors is not null))
        {
            valid &= Evaluate(Target(rules.Dynamic), token, marks);
        }

        foreach (var edge in rules.AllOf)
        {
            if (!valid && _errors is null)
            {
                return false;
            }

            valid &= Evaluate(edge, token, marks);
        }

        if (rules.AnyOf.Length > 0 && (valid || _errors is not null))
        {
            valid &= EvaluateAnyOf(node, rules.AnyOf, token, marks);
        }

        if (rules.OneOf.Length > 0 && (valid || _errors is not null))
        {
            valid &= EvaluateOneOf(node, rules.OneOf, token, marks);
        }

        if (rules.Not is not null && (valid || _errors is not null))
        {
            valid &= !EvaluateQuietly(rules.Not, token, NoMarks) || Violated(node, "not", token);
        }

        if (rules.If is not null && (valid || _errors is not null))
        {
            valid &= EvaluateCondition(rules, token, marks);
        }

        return valid;
    }

    /// <summary>Where a dynamic reference leads now: to the outermost resource in scope that has the anchor.</summary>
    private readonly SchemaEdge Target(DynamicReference reference)
    {
        var targets = reference.ByResource;
        if (targets.Length > 0)
        {
            foreach (var resource in _scratch.Scope(_scopeCount)[.._scopeCount])
            {
                if (targets[resource] is { } edge)
                {
                    return edge;
                }
            }
        }

        return reference.Initial;
    }

    private bool EvaluateAnyOf(SchemaNode node, SchemaEdge[] edges, int token, int marks)
    {
        var errors = _errors;
        var before = errors?.Count ?? 0;
        var matched = false;
        foreach (var edge in edges)
        {
            if (EvaluateBranch(edge, token, marks))
            {
                matched = true;
                // Only marks are worth looking at the rest.
                if (marks < 0)
                {
                    break;
                }
            }
        }

        if (errors is null)
        {
            return matched;
        }

        if (matched)
        {
            errors.Truncate(before);
            return true;
        }

        errors.Insert(before, _text, node, "anyOf", token, string.Create(CultureInfo.InvariantCulture, $"matches none of the {edges.Length} alternatives"));
        return false;
    }

    private bool EvaluateOneOf(SchemaNode node, SchemaEdge[] edges, int token, int marks)
    {
        var errors = _errors;
        var before = errors?.Count ?? 0;
        var (first, second) = (-1, -1);
        for (var i = 0; i < edges.Length && second < 0; i++)
        {
            if (EvaluateBranch(edges[i], token, marks))
            {
                (first, second) = first < 0 ? (i, -1) : (first, i);
            }
        }

        if (errors is null)
        {
            return first >= 0 && second < 0;
        }

        if (first >= 0)
        {
            errors.Truncate(before);
        }

        if (first >= 0 && second < 0)
        {
            return true;
        }

        errors.Insert(before, _text, node, "oneOf", token, first < 0
            ? string.Create(CultureInfo.InvariantCulture, $"matches none of the {edges.Length} alternatives")
            : string.Create(CultureInfo.InvariantCulture, $"expected to match one of the {edges.Length} alternatives only, but matches numbers {first + 1} and {second + 1}"));
        return false;
    }

    private bool EvaluateCondition(InPlaceRules rules, int token, int marks)
    {
        var errors = _errors;
        _errors = null;
        var holds = EvaluateBranch(rules.If!, token, marks);
        _errors = errors;
        var edge = holds ? rules.Then : rules.Else;
        return edge is null || Evaluate(edge, token, marks);
    }

    /// <summary>Applies a schema whose marks count only where it matches.</summary>
    private bool EvaluateBranch(SchemaEdge edge, int token, int marks)
    {
        if (marks < 0)
        {
            return Evaluate(edge, token, NoMarks);
        }

        var used = _scratch.MarksUsed;
        var count = _text.Tokens[token].Length;
        var own = TakeMarks(count);
        var valid = Evaluate(edge, token, own);
        if (valid)
        {
            Merge(marks, own, count);
        }

        _scratch.MarksUsed = used;
        return valid;
    }
}
