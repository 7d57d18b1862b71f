using System.Globalization;
using System.Text;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Output;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Evaluation;

/// <summary>Objects: one pass over the members, then what depends on which are there.</summary>
internal ref partial struct Evaluator
{
    private const int MaxPresentBits = 64;

    private bool EvaluateObject(SchemaNode node, ObjectRules rules, int token, int marks)
    {
        ref readonly var value = ref _text.Tokens[token];
        _budget -= value.Length;
        var valid = value.Length >= rules.MinProperties || Violated(node, "minProperties", token);
        valid &= value.Length <= rules.MaxProperties || Violated(node, "maxProperties", token);
        if (!valid && _errors is null)
        {
            return false;
        }

        // Which of the known names are there: in a register, or with many names in marks.
        var used = _scratch.MarksUsed;
        var many = rules.TracksPresence && rules.Names!.Count > MaxPresentBits ? TakeMarks(rules.Names.Count) : NoMarks;
        var present = 0UL;
        valid &= EvaluateMembers(node, rules, token, marks, many, ref present);
        if (rules.TracksPresence && (valid || _errors is not null))
        {
            valid &= CheckPresence(node, rules, token, marks, many, present);
        }

        _scratch.MarksUsed = used;
        return valid;
    }

    private bool EvaluateMembers(SchemaNode node, ObjectRules rules, int token, int marks, int many, ref ulong present)
    {
        var names = rules.Names;
        // Nothing looks at the members of an object that need only be of a size.
        if (names is null && rules.Additional is null && rules.Patterns.Length == 0 && rules.PropertyNames is null)
        {
            return true;
        }

        var valid = true;
        var ordinal = 0;
        var expected = 0;
        var end = _text.Tokens[token].Next;
        for (var name = token + 1; name < end; name = _text.Tokens[name + 1].Next, ordinal++)
        {
            var evaluated = false;
            var index = names is null ? -1 : names.Find(Unescaped(name), expected);
            expected = index + 1;
            if (index >= 0)
            {
                present |= 1UL << index;
                if (many >= 0)
                {
                    Mark(many, index);
                }

                if (rules.Properties[index] is { } property)
                {
                    evaluated = true;
                    valid &= Evaluate(property, name + 1, NoMarks);
                }
            }

            if (rules.Patterns.Length > 0)
            {
                valid &= EvaluatePatterns(rules, name, ref evaluated);
            }

            if (!evaluated && rules.Additional is { } additional)
            {
                evaluated = true;
                valid &= additional.Target.IsNever && _errors is not null ? Unknown(node, rules, name) : Evaluate(additional, name + 1, NoMarks);
            }

            if (rules.PropertyNames is { } propertyNames)
            {
                valid &= Evaluate(propertyNames, name, NoMarks);
            }

            if (!valid && _errors is null)
            {
                return false;
            }

            if (evaluated && marks >= 0)
            {
                Mark(marks, ordinal);
            }
        }

        return valid;
    }

    private bool EvaluatePatterns(ObjectRules rules, int name, ref bool evaluated)
    {
        var valid = true;
        foreach (var (pattern, edge) in rules.Patterns)
        {
            if (Matches(pattern, name))
            {
                evaluated = true;
                valid &= Evaluate(edge, name + 1, NoMarks);
            }
        }

        return valid;
    }

    private bool CheckPresence(SchemaNode node, ObjectRules rules, int token, int marks, int many, ulong present)
    {
        var valid = true;
        if (many >= 0 || (present & rules.RequiredBits) != rules.RequiredBits)
        {
            foreach (var name in rules.Required)
            {
                if (!IsPresent(name, many, present))
                {
                    if (_errors is null)
                    {
                        return false;
                    }

                    valid = Violated(node, "required", token, Sentences.Missing(_text, rules.Names!, name, token));
                }
            }
        }

        foreach (var dependency in rules.Dependencies)
        {
            if (IsPresent(dependency.Name, many, present))
            {
                valid &= CheckDependency(node, rules, dependency, token, marks, many, present);
                if (!valid && _errors is null)
                {
                    return false;
                }
            }
        }

        return valid;
    }

    private bool CheckDependency(SchemaNode node, ObjectRules rules, in ObjectRules.Dependency dependency, int token, int marks, int many, ulong present)
    {
        var valid = dependency.Schema is null || Evaluate(dependency.Schema, token, marks);
        foreach (var name in dependency.Required)
        {
            if (!IsPresent(name, many, present))
            {
                if (_errors is null)
                {
                    return false;
                }

                valid = Violated(node, dependency.Keyword, token, Sentences.MissingBeside(rules.Names![name], rules.Names[dependency.Name]));
            }
        }

        return valid;
    }

    private readonly bool IsPresent(int name, int many, ulong present) => many >= 0 ? IsMarked(many, name) : (present & (1UL << name)) != 0;

    /// <summary>A member that <c>additionalProperties: false</c> does not allow. Its sentence says what is allowed.</summary>
    private readonly bool Unknown(SchemaNode node, ObjectRules rules, int name)
    {
        var sentence = new StringBuilder("the property ").Append(Sentences.Quote(JsonStrings.ToText(_text.Raw(name), _text.Tokens[name].Escaped))).Append(" is not allowed");
        const int most = 20;
        var listed = 0;
        for (var i = 0; i < rules.Properties.Length && listed < most; i++)
        {
            if (rules.Properties[i] is { Target.IsNever: false })
            {
                sentence.Append(listed++ == 0 ? "; allowed are " : ", ").Append(Sentences.Quote(Encoding.UTF8.GetString(rules.Names![i])));
            }
        }

        var known = rules.Properties.Count(static p => p is { Target.IsNever: false });
        sentence.Append(known > listed ? string.Create(CultureInfo.InvariantCulture, $" and {known - listed} more") : "");
        return Violated(node, "additionalProperties", name + 1, sentence.ToString());
    }
}
