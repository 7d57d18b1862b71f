using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Output;

/// <summary>Gathers violations, at most as many as wanted, and knows the way through the schema while it is gone.</summary>
internal sealed class ErrorCollector(int most)
{
    private readonly List<ValidationError> _errors = [];
    private readonly List<string> _path = [];

    /// <summary>Number of errors gathered.</summary>
    public int Count => _errors.Count;

    /// <summary>Whether there were more errors than wanted.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Goes to a subschema.</summary>
    public void Push(string path) => _path.Add(path);

    /// <summary>Goes back.</summary>
    public void Pop() => _path.RemoveAt(_path.Count - 1);

    public void Add(scoped JsonText text, SchemaNode node, string keyword, int token, string sentence) => Insert(_errors.Count, text, node, keyword, token, sentence);

    /// <summary>Puts an error before those of the alternatives that caused it.</summary>
    public void Insert(int index, scoped JsonText text, SchemaNode node, string keyword, int token, string sentence)
    {
        if (index >= most)
        {
            IsTruncated = true;
            return;
        }

        var suffix = keyword.Length == 0 ? "" : "/" + keyword;
        var location = JsonPointers.Of(text, 0, token, out var isName);
        var message = isName ? $"the name {Sentences.Quote(JsonStrings.ToText(text.Raw(token), text.Tokens[token].Escaped))}: {sentence}" : sentence;
        _errors.Insert(index, new ValidationError(location, string.Concat(_path) + suffix, SchemaIndex.Location(node.Position) + suffix, keyword, message));
        Cut(most);
    }

    /// <summary>Adds why the instance could not be judged; never dropped.</summary>
    public void AddFault(string sentence)
    {
        Cut(most - 1);
        _errors.Add(new ValidationError("", "", "#", "", sentence));
    }

    /// <summary>Forgets what was gathered behind <paramref name="count"/>: another alternative matched.</summary>
    public void Truncate(int count)
    {
        if (count < _errors.Count)
        {
            _errors.RemoveRange(count, _errors.Count - count);
        }

        // Below the limit again: whatever was left out belonged to what is forgotten.
        IsTruncated &= count >= most;
    }

    public ValidationResult ToResult() => new([.. _errors], IsTruncated);

    private void Cut(int count)
    {
        if (_errors.Count > count)
        {
            _errors.RemoveRange(count, _errors.Count - count);
            IsTruncated = true;
        }
    }
}
