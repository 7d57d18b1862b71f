using Peregrine.Protocol.Buffers;

namespace Peregrine.JsonSchema.Text;

/// <summary>The members of an object by name, each name once (the last one counts), in pooled memory. <see cref="Return"/> gives it back.</summary>
internal readonly struct SortedMembers
{
    private readonly int[] _names;

    private SortedMembers(int[] names, int count)
    {
        _names = names;
        Count = count;
    }

    /// <summary>Number of different names.</summary>
    public int Count { get; }

    /// <summary>The token of a name.</summary>
    public int this[int index] => _names[index];

    /// <summary>Sorts the members of an object by the bytes of their names.</summary>
    public static SortedMembers Of(scoped JsonText text, int token)
    {
        ref readonly var value = ref text.Tokens[token];
        var names = PooledArrays.Rent<int>(Math.Max(1, value.Length * 2));
        var count = 0;
        for (var name = token + 1; name < value.Next; name = text.Tokens[name + 1].Next)
        {
            names[count++] = name;
        }

        MergeSort(text, names.AsSpan(0, count), names.AsSpan(count, count));
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            // Equal names lie in the order of the text: each replaces the one before it.
            kept -= kept > 0 && Compare(text, names[kept - 1], names[i]) == 0 ? 1 : 0;
            names[kept++] = names[i];
        }

        return new SortedMembers(names, kept);
    }

    /// <summary>Gives the memory back; call once.</summary>
    public void Return() => PooledArrays.Return(_names);

    /// <summary>Stable, and without the delegate that a sort of the BCL would need (a span cannot be captured by one).</summary>
    private static void MergeSort(scoped JsonText text, Span<int> names, Span<int> spare)
    {
        if (names.Length < 2)
        {
            return;
        }

        var half = names.Length / 2;
        MergeSort(text, names[..half], spare[..half]);
        MergeSort(text, names[half..], spare[half..]);
        names.CopyTo(spare);
        var (left, right) = (0, half);
        for (var i = 0; i < names.Length; i++)
        {
            var takeLeft = left < half && (right == names.Length || Compare(text, spare[left], spare[right]) <= 0);
            names[i] = takeLeft ? spare[left++] : spare[right++];
        }
    }

    private static int Compare(scoped JsonText text, int left, int right)
    {
        ref readonly var l = ref text.Tokens[left];
        ref readonly var r = ref text.Tokens[right];
        if (!l.Escaped && !r.Escaped)
        {
            return text.Raw(left).SequenceCompareTo(text.Raw(right));
        }

        var buffer = PooledArrays.Rent<byte>(l.Length + r.Length);
        var leftText = buffer.AsSpan(0, JsonStrings.Unescape(text.Raw(left), buffer));
        var rest = buffer.AsSpan(l.Length);
        var order = leftText.SequenceCompareTo(rest[..JsonStrings.Unescape(text.Raw(right), rest)]);
        PooledArrays.Return(buffer);
        return order;
    }
}
