using System.Collections;

namespace Peregrine.Client.Batching;

/// <summary>How many calls ended, in the order in which they were given. Dispose it, or each of them.</summary>
public sealed class ToolCallResults : IReadOnlyList<ToolCallResult>, IDisposable
{
    private readonly ToolCallResult[] _results;

    internal ToolCallResults(ToolCallResult[] results, int concurrency)
    {
        _results = results;
        Concurrency = concurrency;
    }

    /// <inheritdoc/>
    public int Count => _results.Length;

    /// <summary>How many calls ran at once in the end.</summary>
    public int Concurrency { get; }

    /// <summary>How many calls were not answered, or whose tool failed.</summary>
    public int Failed => _results.Count(static result => !result.Succeeded);

    /// <inheritdoc/>
    public ToolCallResult this[int index] => _results[index];

    /// <inheritdoc/>
    public IEnumerator<ToolCallResult> GetEnumerator() => ((IEnumerable<ToolCallResult>)_results).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gives all results' memory back.</summary>
    public void Dispose()
    {
        foreach (var result in _results)
        {
            result.Dispose();
        }
    }
}
