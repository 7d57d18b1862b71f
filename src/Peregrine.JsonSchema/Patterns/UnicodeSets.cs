using System.Globalization;

namespace Peregrine.JsonSchema.Patterns;

/// <summary>Sets that ECMA-262 names: character classes, and general categories of Unicode.</summary>
internal static class UnicodeSets
{
    private static readonly Lazy<CodePointSet[]> s_categories = new(ReadCategories);

    private static readonly Dictionary<string, string> s_longNames = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L", ["Uppercase_Letter"] = "Lu", ["Lowercase_Letter"] = "Ll", ["Titlecase_Letter"] = "Lt", ["Modifier_Letter"] = "Lm", ["Other_Letter"] = "Lo",
        ["Cased_Letter"] = "LC", ["Mark"] = "M", ["Combining_Mark"] = "M", ["Nonspacing_Mark"] = "Mn", ["Spacing_Mark"] = "Mc", ["Enclosing_Mark"] = "Me",
        ["Number"] = "N", ["Decimal_Number"] = "Nd", ["digit"] = "Nd", ["Letter_Number"] = "Nl", ["Other_Number"] = "No",
        ["Punctuation"] = "P", ["punct"] = "P", ["Connector_Punctuation"] = "Pc", ["Dash_Punctuation"] = "Pd", ["Open_Punctuation"] = "Ps", ["Close_Punctuation"] = "Pe",
        ["Initial_Punctuation"] = "Pi", ["Final_Punctuation"] = "Pf", ["Other_Punctuation"] = "Po",
        ["Symbol"] = "S", ["Math_Symbol"] = "Sm", ["Currency_Symbol"] = "Sc", ["Modifier_Symbol"] = "Sk", ["Other_Symbol"] = "So",
        ["Separator"] = "Z", ["Space_Separator"] = "Zs", ["Line_Separator"] = "Zl", ["Paragraph_Separator"] = "Zp",
        ["Other"] = "C", ["Control"] = "Cc", ["cntrl"] = "Cc", ["Format"] = "Cf", ["Surrogate"] = "Cs", ["Private_Use"] = "Co", ["Unassigned"] = "Cn",
    };

    // In the order of UnicodeCategory.
    private static readonly string[] s_shortNames =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    public static CodePointSet Digits => new CodePointSet().Add('0', '9');

    public static CodePointSet Words => Digits.Add('A', 'Z').Add('a', 'z').Add('_');

    public static CodePointSet Spaces => new CodePointSet().Add(9, 13).Add(' ').Add(0xA0).Add(0x1680).Add(0x2000, 0x200A).Add(0x2028, 0x2029).Add(0x202F).Add(0x205F).Add(0x3000).Add(0xFEFF);

    public static CodePointSet LineEnds => new CodePointSet().Add('\n').Add('\r').Add(0x2028, 0x2029);

    /// <summary>The set behind <c>\p{name}</c>, or null where the name is none that is known.</summary>
    public static CodePointSet? Property(string name)
    {
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        if (equals >= 0 && name[..equals] is not ("General_Category" or "gc"))
        {
            return null;
        }

        name = name[(equals + 1)..];
        if (equals < 0 && name is "Any" or "ASCII")
        {
            return new CodePointSet().Add(0, name == "Any" ? 0x10FFFF : 0x7F);
        }

        name = s_longNames.GetValueOrDefault(name, name);
        CodePointSet? set = null;
        for (var category = 0; category < s_shortNames.Length; category++)
        {
            var shortName = s_shortNames[category];
            if (shortName == name || (name.Length == 1 && shortName[0] == name[0]) || (name == "LC" && shortName is "Lu" or "Ll" or "Lt"))
            {
                set = (set ?? new CodePointSet()).Add(s_categories.Value[category]);
            }
        }

        return set;
    }

    private static CodePointSet[] ReadCategories()
    {
        CodePointSet[] sets = [.. s_shortNames.Select(static _ => new CodePointSet())];
        var first = 0;
        var category = CharUnicodeInfo.GetUnicodeCategory(0);
        for (var codePoint = 1; codePoint <= 0x110000; codePoint++)
        {
            var next = codePoint > 0x10FFFF ? (UnicodeCategory)(-1) : CharUnicodeInfo.GetUnicodeCategory(codePoint);
            if (next != category)
            {
                sets[(int)category].Add(first, codePoint - 1);
                (first, category) = (codePoint, next);
            }
        }

        return sets;
    }
}
