namespace Peregrine.Execution.Caching;

/// <summary>What depends on one tag, chained. Under the cache's lock.</summary>
internal sealed class CacheTag(string name)
{
    internal string Name { get; } = name;

    internal TagMark? First { get; private set; }

    internal TagMark Add(object owner)
    {
        var mark = new TagMark(this, owner) { Next = First };
        if (First is not null)
        {
            First.Previous = mark;
        }

        return First = mark;
    }

    internal void Remove(TagMark mark)
    {
        if (mark.Previous is null)
        {
            First = mark.Next;
        }
        else
        {
            mark.Previous.Next = mark.Next;
        }

        if (mark.Next is not null)
        {
            mark.Next.Previous = mark.Previous;
        }
    }
}
