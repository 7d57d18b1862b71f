using System.Collections;

namespace Peregrine.Server.Tools;

/// <summary>
/// Concurrent calls of one tool that its method answers together: each item is answered with <see cref="McpBatchItem{T}.SetResult(string)"/> or <see cref="McpBatchItem{T}.SetError"/> before the method
/// ends, in any order. An item left without an answer is answered with an error.
/// </summary>
/// <typeparam name="T">The arguments of one call.</typeparam>
public sealed class McpBatch<T> : IReadOnlyList<McpBatchItem<T>>
{
    private readonly IReadOnlyList<McpBatchItem<T>> _items;

    internal McpBatch(IReadOnlyList<McpBatchItem<T>> items) => _items = items;

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public McpBatchItem<T> this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<McpBatchItem<T>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
