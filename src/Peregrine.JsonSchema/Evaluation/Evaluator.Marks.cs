using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Evaluation;

/// <summary>What has been evaluated of an object or array, and what has not.</summary>
internal ref partial struct Evaluator
{
    private bool EvaluateTracking(SchemaNode node, int token, int marks)
    {
        ref readonly var value = ref _text.Tokens[token];
        var edge = (value.Types & JsonTypes.Object) != 0 ? node.UnevaluatedProperties : (value.Types & JsonTypes.Array) != 0 ? node.UnevaluatedItems : null;
        if (edge is null)
        {
            return EvaluateKeywords(node, token, marks);
        }

        var used = _scratch.MarksUsed;
        var own = TakeMarks(value.Length);
        var valid = EvaluateKeywords(node, token, own);
        if (valid || _errors is not null)
        {
            valid &= EvaluateUnmarked(node, edge, token, own);
            if (marks >= 0)
            {
                // What was left has now been evaluated too.
                MarkAll(marks, value.Length);
            }
        }

        _scratch.MarksUsed = used;
        return valid;
    }

    private bool EvaluateUnmarked(SchemaNode node, SchemaEdge edge, int token, int marks)
    {
        ref readonly var value = ref _text.Tokens[token];
        var isObject = (value.Types & JsonTypes.Object) != 0;
        var valid = true;
        var ordinal = 0;
        for (var child = token + 1; child < value.Next; ordinal++)
        {
            var at = isObject ? child + 1 : child;
            if (!IsMarked(marks, ordinal) && !Evaluate(edge, at, NoMarks))
            {
                valid = false;
                if (_errors is null)
                {
                    return false;
                }
            }

            child = _text.Tokens[at].Next;
        }

        return valid;
    }

    private readonly int TakeMarks(int count) => _scratch.TakeMarks((count + 63) / 64);

    private readonly void Mark(int marks, int ordinal) => _scratch.Marks[marks + (ordinal >> 6)] |= 1UL << (ordinal & 63);

    private readonly bool IsMarked(int marks, int ordinal) => (_scratch.Marks[marks + (ordinal >> 6)] & (1UL << (ordinal & 63))) != 0;

    private readonly void MarkAll(int marks, int count) => _scratch.Marks.Slice(marks, (count + 63) / 64).Fill(ulong.MaxValue);

    private readonly void Merge(int into, int from, int count)
    {
        var words = (count + 63) / 64;
        for (var word = 0; word < words; word++)
        {
            _scratch.Marks[into + word] |= _scratch.Marks[from + word];
        }
    }
}
