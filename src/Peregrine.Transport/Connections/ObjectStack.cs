using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Transport.Connections;

/// <summary>Objects kept for the next use, the last one given back first: its memory is still warm. Thread-safe.</summary>
internal sealed class ObjectStack<T>(int capacity)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly T?[] _items = new T?[capacity];
    private int _count;

    internal bool TryPush(T item)
    {
        lock (_gate)
        {
            if (_count == _items.Length)
            {
                return false;
            }

            _items[_count++] = item;
            return true;
        }
    }

    [return: MaybeNull]
    internal T TryPop()
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return null;
            }

            var item = _items[--_count];
            _items[_count] = null;
            return item;
        }
    }
}
