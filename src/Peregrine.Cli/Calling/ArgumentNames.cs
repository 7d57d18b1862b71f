namespace Peregrine.Cli.Calling;

/// <summary>Compares the names of the arguments that were given with those that there are, and says what is wrong. For one call.</summary>
internal sealed class ArgumentNames
{
    private string? _unknown;
    private bool _isRefused;

    /// <summary>Takes note of a name that is not among those that there are.</summary>
    /// <param name="name">As it was given.</param>
    /// <param name="lastPart">The part of it that is looked for among <paramref name="known"/>: of <c>a.b</c> that is <c>b</c>.</param>
    /// <param name="known">Those that there are.</param>
    /// <param name="isRefused">True where there may be no others.</param>
    internal void NoteUnknown(string name, string lastPart, IReadOnlyList<string> known, bool isRefused)
    {
        // The first is enough: one mistake at a time is easier to mend.
        if (_unknown is null || (isRefused && !_isRefused))
        {
            var meant = NearWord.Ask(lastPart, known);
            _unknown = $"there is no argument \"{name}\"{(meant.Length > 0 ? meant : $"; there {(known.Count == 1 ? "is" : "are")} {(known.Count == 0 ? "none" : string.Join(", ", known))}")}";
            _isRefused = isRefused;
        }
    }

    /// <summary>Why the arguments are not sent; empty where they are.</summary>
    /// <param name="required">Which there must be.</param>
    /// <param name="given">Which there are.</param>
    internal string Refusal(IEnumerable<string> required, IReadOnlyCollection<string> given)
    {
        if (_unknown is null)
        {
            return "";
        }

        var missing = required.Where(name => !given.Contains(name)).ToArray();
        return missing.Length > 0 ? $"{string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} required, and {_unknown}" : _isRefused ? _unknown : "";
    }

    /// <summary>What is odd about arguments that are sent; empty where nothing.</summary>
    internal string Remark => _unknown is null ? "" : $"{_unknown}{(_unknown.EndsWith('?') ? "" : ".")} It was sent all the same.";
}
