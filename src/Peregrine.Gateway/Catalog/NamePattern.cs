namespace Peregrine.Gateway.Catalog;

/// <summary>A name, or the beginning of names: <c>read_*</c>. The star stands at the end and for anything, also for nothing. Immutable.</summary>
internal readonly struct NamePattern
{
    private readonly string _text;
    private readonly bool _isBeginning;

    internal NamePattern(string pattern)
    {
        _isBeginning = pattern.EndsWith('*');
        _text = _isBeginning ? pattern[..^1] : pattern;
    }

    internal bool Matches(string name) => _isBeginning ? name.StartsWith(_text, StringComparison.Ordinal) : name == _text;
}
