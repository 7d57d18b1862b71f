using System.Globalization;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>Reads arguments of prompts and variables of addresses, which are texts, for generated code. No state.</summary>
public static class ToolTexts
{
    /// <summary>Reads a value in its invariant form.</summary>
    /// <exception cref="McpToolException">The text is none.</exception>
    public static T Parse<T>(string name, string text)
        where T : ISpanParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(name, Wanted(default(T)));

    /// <summary>Reads an absolute URI.</summary>
    /// <exception cref="McpToolException">The text is none.</exception>
    public static Uri ParseUri(string name, string text) => Uri.TryCreate(text, UriKind.Absolute, out var value) ? value : throw Wrong(name, "an absolute URI");

    /// <summary>Reads the name of an enumeration's member, exactly or in other case.</summary>
    /// <exception cref="McpToolException">The text is none.</exception>
    public static T ParseEnum<T>(string name, string text, ReadOnlySpan<string> names, ReadOnlySpan<T> values)
        where T : struct, Enum
    {
        foreach (var comparison in (ReadOnlySpan<StringComparison>)[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (string.Equals(names[i], text, comparison))
                {
                    return values[i];
                }
            }
        }

        throw Wrong(name, $"one of {string.Join(", ", names!)}");
    }

    /// <summary>Says that a text is missing that must be there.</summary>
    /// <exception cref="McpToolException">Always.</exception>
    public static T Missing<T>(string name) => throw new McpToolException($"\"{name}\" is required.");

    private static string Wanted<T>(T? example) => example switch
    {
        bool => "true or false",
        sbyte => Integer(sbyte.MinValue, sbyte.MaxValue),
        byte => Integer(byte.MinValue, byte.MaxValue),
        short => Integer(short.MinValue, short.MaxValue),
        ushort => Integer(ushort.MinValue, ushort.MaxValue),
        int => Integer(int.MinValue, int.MaxValue),
        uint => Integer(uint.MinValue, uint.MaxValue),
        long => Integer(long.MinValue, long.MaxValue),
        ulong => Integer(ulong.MinValue, ulong.MaxValue),
        float or double or decimal => "a number",
        char => "one character",
        Guid => "a UUID",
        DateTime or DateTimeOffset => "a date and time such as 2026-07-28T09:30:00Z",
        DateOnly => "a date such as 2026-07-28",
        TimeOnly => "a time of day such as 09:30:00",
        TimeSpan => "a span of time such as 1.02:03:04.5",
        _ => $"text that {typeof(T).Name} reads",
    };

    private static string Integer<T>(T least, T most) => string.Create(CultureInfo.InvariantCulture, $"an integer from {least} to {most}");

    private static McpToolException Wrong(string name, string wanted) => new($"\"{name}\" must be {wanted}; found other text.");
}
