namespace Peregrine.Server.Compat.Roots;

/// <summary>The roots of a session's client, kept until it says that they have changed. Thread-safe.</summary>
internal sealed class SessionRoots
{
    private readonly Lock _gate = new();
    private IReadOnlyList<McpRoot>? _known;
    private int _changes;

    /// <summary>What is known; null where the client has to be asked.</summary>
    /// <param name="changes">How often the roots have changed: to be given to <see cref="Keep"/>.</param>
    internal IReadOnlyList<McpRoot>? Find(out int changes)
    {
        lock (_gate)
        {
            changes = _changes;
            return _known;
        }
    }

    /// <summary>Keeps an answer, unless the roots have changed since it was asked for.</summary>
    internal void Keep(IReadOnlyList<McpRoot> roots, int changes)
    {
        lock (_gate)
        {
            if (changes == _changes)
            {
                _known = roots;
            }
        }
    }

    /// <summary>The client said that they have changed.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            _changes++;
            _known = null;
        }
    }
}
