using System.Runtime.CompilerServices;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// Tells whether the calls of late have all come over one connection, one after another: then nobody else waits for the thread that sends a call. Thread-safe; where two come at once it may be wrong for one call.
/// </summary>
internal sealed class LoneCaller
{
    // With 32 connections that call without a pause, chance gives one of them two calls in a row, and never so many.
    private const int CallsInARow = 32;

    private int _last;
    private int _inARow;

    /// <summary>Takes note of a call.</summary>
    /// <param name="connection">What all calls of one connection, and no others, have in common; null for a call that has no such thing.</param>
    /// <returns>True where its caller is the only one.</returns>
    internal bool Note(object? connection)
    {
        // Not the object itself, which would be kept alive.
        var mark = connection is null ? 0 : RuntimeHelpers.GetHashCode(connection);
        if (mark == 0 || mark != _last)
        {
            (_last, _inARow) = (mark, 0);
            return false;
        }

        return _inARow == CallsInARow || ++_inARow == CallsInARow;
    }
}
