using System.Runtime.CompilerServices;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Output;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Evaluation;

/// <summary>
/// Applies a compiled schema to the tokens of an instance. Without a collector it stops at the first violation and allocates nothing; with one it goes on and names them all. Both
/// run the same code: a violation asks whether someone collects.
/// </summary>
/// <remarks>
/// Where <c>unevaluatedProperties</c> or <c>unevaluatedItems</c> looks at a value, everything applied to that value marks what it has evaluated, a bit for each member or item. An
/// alternative marks a set of its own, which counts only where it matched.
/// </remarks>
internal ref partial struct Evaluator
{
    private const int NoMarks = -1;

    private readonly CompiledSchema _schema;
    private readonly JsonText _text;
    private readonly EvaluationScratch _scratch;
    private ErrorCollector? _errors;
    private long _budget;
    private int _depth;
    private int _scopeCount;
    private GiveUpReason _gaveUp;

    public Evaluator(CompiledSchema schema, JsonText text, EvaluationScratch scratch, ErrorCollector? errors)
    {
        _schema = schema;
        _text = text;
        _scratch = scratch;
        _errors = errors;
        _budget = schema.Options.MaxEvaluations;
    }

    /// <summary>Why the evaluation ended early.</summary>
    public readonly GiveUpReason GaveUp => _gaveUp;

    /// <summary>Judges the instance, or a value within it.</summary>
    public bool Run(int token = 0) => Evaluate(_schema.Root, token, NoMarks) & _gaveUp == GiveUpReason.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Evaluate(SchemaEdge edge, int token, int marks)
    {
        var node = edge.Target;
        if (node.IsTypeOnly && (node.Types & _text.Tokens[token].Types) != 0)
        {
            return true;
        }

        if (_errors is not null)
        {
            return EvaluateCollecting(edge, token, marks);
        }

        return node.IsLeaf ? EvaluateLeaf(node, token) : EvaluateNode(node, token, marks);
    }

    /// <summary>Judges a value that nothing else has a say in, where nobody collects: without what guards depth and scope. Nearly all values of nearly all instances.</summary>
    private bool EvaluateLeaf(SchemaNode node, int token)
    {
        _budget--;
        var types = _text.Tokens[token].Types;
        if (((node.Types & types) == 0 && !IsTypeAllowed(node, token)) || (node.Values is not null && !CheckValues(node, node.Values, token)))
        {
            return false;
        }

        return (types & JsonTypes.String) != 0 ? node.Strings is null || CheckString(node, node.Strings, token)
            : (types & JsonTypes.Number) == 0 || node.Numbers is null || CheckNumber(node, node.Numbers, token);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool EvaluateCollecting(SchemaEdge edge, int token, int marks)
    {
        var errors = _errors!;
        errors.Push(edge.Path);
        var valid = EvaluateNode(edge.Target, token, marks);
        errors.Pop();
        return valid;
    }

    private bool EvaluateNode(SchemaNode node, int token, int marks)
    {
        if (--_budget < 0 || _gaveUp != GiveUpReason.None)
        {
            return GiveUp(GiveUpReason.Evaluations);
        }

        // Deep values through long chains of references: the stack decides, not a number.
        if ((++_depth & 7) == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _depth--;
            return GiveUp(GiveUpReason.Stack);
        }

        if (node.Merged is { } merged && _errors is null && marks < 0 && (_text.Tokens[token].Types & JsonTypes.Object) != 0)
        {
            var matches = EvaluateObject(node, merged, token, NoMarks);
            _depth--;
            return matches;
        }

        var scope = _scopeCount;
        if (_schema.HasDynamicScope)
        {
            EnterScope(node.Resource);
        }

        ref readonly var value = ref _text.Tokens[token];
        var valid = IsTypeAllowed(node, token) || Violated(node, "type", token);
        if (node.IsNever)
        {
            valid = Violated(node, "", token);
        }

        if ((valid || _errors is not null) && !node.IsTypeOnly)
        {
            valid &= node.UnevaluatedItems is null && node.UnevaluatedProperties is null
                ? EvaluateKeywords(node, token, marks)
                : EvaluateTracking(node, token, marks);
        }

        _scopeCount = scope;
        _depth--;
        return valid;
    }

    private bool EvaluateKeywords(SchemaNode node, int token, int marks)
    {
        var valid = node.Values is null || CheckValues(node, node.Values, token);
        if (!valid && _errors is null)
        {
            return false;
        }

        var types = _text.Tokens[token].Types;
        if ((types & JsonTypes.Object) != 0)
        {
            valid &= node.Objects is null || EvaluateObject(node, node.Objects, token, marks);
        }
        else if ((types & JsonTypes.String) != 0)
        {
            valid &= node.Strings is null || CheckString(node, node.Strings, token);
        }
        else if ((types & JsonTypes.Array) != 0)
        {
            valid &= node.Arrays is null || EvaluateArray(node, node.Arrays, token, marks);
        }
        else if ((types & JsonTypes.Number) != 0)
        {
            valid &= node.Numbers is null || CheckNumber(node, node.Numbers, token);
        }

        return (valid || _errors is not null) && ((node.InPlace is null || EvaluateInPlace(node, node.InPlace, token, marks)) & valid);
    }

    private bool IsTypeAllowed(SchemaNode node, int token)
    {
        var types = _text.Tokens[token].Types;
        return (node.Types & types) != 0
            || ((node.Types & JsonTypes.Integer) != 0 && (types & JsonTypes.Number) != 0 && new JsonNumber(_text.Raw(token)).IsInteger);
    }

    private void EnterScope(int resource)
    {
        var scope = _scratch.Scope(_scopeCount);
        if (_scopeCount == 0 || scope[_scopeCount - 1] != resource)
        {
            scope[_scopeCount++] = resource;
        }
    }

    /// <summary>Ends everything: what is asked from now on is invalid, and so is the instance.</summary>
    private bool GiveUp(GiveUpReason reason)
    {
        _gaveUp = _gaveUp == GiveUpReason.None ? reason : _gaveUp;
        return false;
    }

    /// <summary>Names a violation where someone collects. Always false.</summary>
    private readonly bool Violated(SchemaNode node, string keyword, int token)
    {
        if (_errors is not null)
        {
            _errors.Add(_text, node, keyword, token, Sentences.For(_text, node, keyword, token));
        }

        return false;
    }

    private readonly bool Violated(SchemaNode node, string keyword, int token, string sentence)
    {
        _errors!.Add(_text, node, keyword, token, sentence);
        return false;
    }

    /// <summary>Judges without naming violations: for <c>not</c>, <c>if</c> and <c>contains</c>, whose failure is no error.</summary>
    private bool EvaluateQuietly(SchemaEdge edge, int token, int marks)
    {
        var errors = _errors;
        _errors = null;
        var valid = Evaluate(edge, token, marks);
        _errors = errors;
        return valid;
    }
}
