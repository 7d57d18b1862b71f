using Peregrine.Protocol.Buffers;

namespace Peregrine.JsonSchema.Text;

/// <summary>
/// Equality as JSON Schema means it: numbers by value, objects without order, strings by text. Of members with one name the last counts. Recursive: callers bound the depth
/// of what they compare.
/// </summary>
internal static class JsonEquality
{
    // Below this, looking for each member of one object in the other is faster than sorting both; above it would be quadratic.
    private const int SmallObject = 16;

    /// <summary>Whether two values are equal.</summary>
    public static bool Equal(scoped JsonText left, int leftToken, scoped JsonText right, int rightToken)
    {
        ref readonly var l = ref left.Tokens[leftToken];
        ref readonly var r = ref right.Tokens[rightToken];
        if (((l.Types ^ r.Types) & ~JsonTypes.Integer) != 0)
        {
            return false;
        }

        switch (l.Types)
        {
            case JsonTypes.Null:
                return true;
            case JsonTypes.Boolean:
                return l.True == r.True;
            case JsonTypes.String:
                return JsonStrings.Equal(left.Raw(leftToken), l.Escaped, right.Raw(rightToken), r.Escaped);
            case JsonTypes.Array:
                return l.Length == r.Length && ItemsEqual(left, leftToken, right, rightToken);
            case JsonTypes.Object:
                return l.Length <= SmallObject && l.Length == r.Length && !HasDuplicates(left, leftToken) && !HasDuplicates(right, rightToken)
                    ? SmallObjectsEqual(left, leftToken, right, rightToken)
                    : LargeObjectsEqual(left, leftToken, right, rightToken);
            default:
                return NumbersEqual(left.Raw(leftToken), right.Raw(rightToken));
        }
    }

    /// <summary>A hash that is the same for equal values.</summary>
    public static int Hash(scoped JsonText text, int token)
    {
        ref readonly var value = ref text.Tokens[token];
        switch (value.Types)
        {
            case JsonTypes.Null:
                return 1;
            case JsonTypes.Boolean:
                return value.True ? 3 : 2;
            case JsonTypes.String:
                return StringHash(text.Raw(token), value.Escaped);
            case JsonTypes.Array:
                var items = new HashCode();
                items.Add(5);
                for (var item = token + 1; item < value.Next; item = text.Tokens[item].Next)
                {
                    items.Add(Hash(text, item));
                }

                return items.ToHashCode();
            case JsonTypes.Object:
                var members = 7;
                // Members with one name may be counted twice here: then only the last of them counts for equality, so none may count for the hash.
                if (value.Length <= SmallObject && !HasDuplicates(text, token))
                {
                    for (var name = token + 1; name < value.Next; name = text.Tokens[name + 1].Next)
                    {
                        members += HashCode.Combine(StringHash(text.Raw(name), text.Tokens[name].Escaped), Hash(text, name + 1));
                    }

                    return members;
                }

                return LargeObjectHash(text, token);
            default:
                return new JsonNumber(text.Raw(token)).Hash();
        }
    }

    private static int StringHash(ReadOnlySpan<byte> raw, bool escaped)
    {
        var hash = new HashCode();
        if (!escaped)
        {
            hash.AddBytes(raw);
            return hash.ToHashCode();
        }

        var buffer = PooledArrays.Rent<byte>(raw.Length);
        hash.AddBytes(buffer.AsSpan(0, JsonStrings.Unescape(raw, buffer)));
        PooledArrays.Return(buffer);
        return hash.ToHashCode();
    }

    private static bool NumbersEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.SequenceEqual(right) || JsonNumber.Compare(new JsonNumber(left), new JsonNumber(right)) == 0;

    private static bool ItemsEqual(scoped JsonText left, int leftToken, scoped JsonText right, int rightToken)
    {
        var end = left.Tokens[leftToken].Next;
        for (var (l, r) = (leftToken + 1, rightToken + 1); l < end; l = left.Tokens[l].Next, r = right.Tokens[r].Next)
        {
            if (!Equal(left, l, right, r))
            {
                return false;
            }
        }

        return true;
    }

    private static bool NamesEqual(scoped JsonText left, int l, scoped JsonText right, int r) =>
        JsonStrings.Equal(left.Raw(l), left.Tokens[l].Escaped, right.Raw(r), right.Tokens[r].Escaped);

    private static bool HasDuplicates(scoped JsonText text, int token)
    {
        var end = text.Tokens[token].Next;
        for (var name = token + 1; name < end; name = text.Tokens[name + 1].Next)
        {
            for (var other = text.Tokens[name + 1].Next; other < end; other = text.Tokens[other + 1].Next)
            {
                if (NamesEqual(text, name, text, other))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool SmallObjectsEqual(scoped JsonText left, int leftToken, scoped JsonText right, int rightToken)
    {
        var leftEnd = left.Tokens[leftToken].Next;
        for (var name = leftToken + 1; name < leftEnd; name = left.Tokens[name + 1].Next)
        {
            var other = FindMember(left, name, right, rightToken);
            if (other < 0 || !Equal(left, name + 1, right, other + 1))
            {
                return false;
            }
        }

        return true;
    }

    private static int FindMember(scoped JsonText left, int name, scoped JsonText right, int rightToken)
    {
        var end = right.Tokens[rightToken].Next;
        for (var other = rightToken + 1; other < end; other = right.Tokens[other + 1].Next)
        {
            if (NamesEqual(left, name, right, other))
            {
                return other;
            }
        }

        return -1;
    }

    private static bool LargeObjectsEqual(scoped JsonText left, int leftToken, scoped JsonText right, int rightToken)
    {
        var leftMembers = SortedMembers.Of(left, leftToken);
        var rightMembers = SortedMembers.Of(right, rightToken);
        var equal = leftMembers.Count == rightMembers.Count;
        for (var i = 0; equal && i < leftMembers.Count; i++)
        {
            equal = NamesEqual(left, leftMembers[i], right, rightMembers[i]) && Equal(left, leftMembers[i] + 1, right, rightMembers[i] + 1);
        }

        leftMembers.Return();
        rightMembers.Return();
        return equal;
    }

    private static int LargeObjectHash(scoped JsonText text, int token)
    {
        var members = SortedMembers.Of(text, token);
        var hash = 7;
        for (var i = 0; i < members.Count; i++)
        {
            hash += HashCode.Combine(StringHash(text.Raw(members[i]), text.Tokens[members[i]].Escaped), Hash(text, members[i] + 1));
        }

        members.Return();
        return hash;
    }
}
