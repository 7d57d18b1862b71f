using System.Globalization;
using System.Text;

namespace Peregrine.JsonSchema.Text;

/// <summary>JSON pointers (RFC 6901) into tokens.</summary>
internal static class JsonPointers
{
    /// <summary>The pointer from one token to one inside it; empty for the token itself. For a name: that of the object it stands in.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where the pointer starts.</param>
    /// <param name="target">Where it leads.</param>
    /// <param name="isName">Whether the target is a name and not a value.</param>
    public static string Of(scoped JsonText text, int from, int target, out bool isName)
    {
        var pointer = new StringBuilder();
        isName = false;
        var token = from;
        while (token != target && !isName)
        {
            token = StepTowards(text, token, target, pointer, out isName);
        }

        return pointer.ToString();
    }

    private static int StepTowards(scoped JsonText text, int container, int target, StringBuilder pointer, out bool isName)
    {
        isName = false;
        if (text.Tokens[container].Types == JsonTypes.Object)
        {
            var name = container + 1;
            while (text.Tokens[name + 1].Next <= target)
            {
                name = text.Tokens[name + 1].Next;
            }

            isName = name == target;
            if (!isName)
            {
                pointer.Append('/').Append(Escape(JsonStrings.ToText(text.Raw(name), text.Tokens[name].Escaped)));
            }

            return name + 1;
        }

        var (item, index) = (container + 1, 0);
        while (text.Tokens[item].Next <= target)
        {
            item = text.Tokens[item].Next;
            index++;
        }

        pointer.Append('/').Append(index.ToString(CultureInfo.InvariantCulture));
        return item;
    }

    /// <summary>A name as a segment of a pointer.</summary>
    public static string Escape(string name) =>
        name.AsSpan().ContainsAny('~', '/') ? name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal) : name;

    /// <summary>The child that one segment of a pointer names, or -1.</summary>
    public static int Child(scoped JsonText text, int token, string segment)
    {
        ref readonly var value = ref text.Tokens[token];
        if (value.Types == JsonTypes.Object)
        {
            return Member(text, token, segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        }

        if (value.Types != JsonTypes.Array || !int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index >= value.Length || (segment.Length > 1 && segment[0] == '0'))
        {
            return -1;
        }

        var item = token + 1;
        for (; index > 0; index--)
        {
            item = text.Tokens[item].Next;
        }

        return item;
    }

    /// <summary>The value of a member of an object, or -1. Of members with one name the last counts.</summary>
    public static int Member(scoped JsonText text, int token, string name)
    {
        var found = -1;
        var wanted = Encoding.UTF8.GetBytes(name);
        for (var member = token + 1; member < text.Tokens[token].Next; member = text.Tokens[member + 1].Next)
        {
            if (JsonStrings.Equal(text.Raw(member), text.Tokens[member].Escaped, wanted, false))
            {
                found = member + 1;
            }
        }

        return found;
    }
}
