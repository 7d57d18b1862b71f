using System.Globalization;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>
/// Returns what a tool's method returned, for generated code: null is a result without content, dates and times have the form that System.Text.Json
/// gives them. No state.
/// </summary>
public static partial class ToolResults
{
    /// <summary>Returns a text, or nothing for null.</summary>
    public static void Return(McpCall call, string? value)
    {
        if (value is null)
        {
            call.ReturnNothing();
        }
        else
        {
            call.ReturnText(value);
        }
    }

    /// <summary>Returns true or false, or nothing for null.</summary>
    public static void Return(McpCall call, bool? value)
    {
        if (value is { } present)
        {
            call.ReturnValue(present);
        }
        else
        {
            call.ReturnNothing();
        }
    }

    /// <summary>Returns a number, UUID or span of time in its invariant form, or nothing for null.</summary>
    public static void Return<T>(McpCall call, T? value)
        where T : struct, IUtf8SpanFormattable
    {
        if (value is { } present)
        {
            call.ReturnValue(present);
        }
        else
        {
            call.ReturnNothing();
        }
    }

    /// <summary>Returns one UTF-16 unit as text, or nothing for null.</summary>
    public static void Return(McpCall call, char? value)
    {
        if (value is { } present)
        {
            call.ReturnText(new ReadOnlySpan<char>(in present));
        }
        else
        {
            call.ReturnNothing();
        }
    }

    /// <summary>Returns a URI as it was written, or nothing for null.</summary>
    public static void Return(McpCall call, Uri? value) => Return(call, value?.OriginalString);

    /// <summary>Returns a date and time such as <c>2026-07-28T09:30:00Z</c>, or nothing for null.</summary>
    public static void Return(McpCall call, DateTime? value) => ReturnFormatted(call, value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK");

    /// <summary>Returns a date and time such as <c>2026-07-28T09:30:00+00:00</c>, or nothing for null.</summary>
    public static void Return(McpCall call, DateTimeOffset? value) => ReturnFormatted(call, value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK");

    /// <summary>Returns a date such as <c>2026-07-28</c>, or nothing for null.</summary>
    public static void Return(McpCall call, DateOnly? value) => ReturnFormatted(call, value, "yyyy-MM-dd");

    /// <summary>Returns a time of day such as <c>09:30:00</c>, with seven digits of a fraction where there is one, or nothing for null.</summary>
    public static void Return(McpCall call, TimeOnly? value) => Return(call, value?.ToTimeSpan());

    /// <summary>Returns the name of an enumeration's member, its number where it has no name, or nothing for null.</summary>
    /// <param name="call">The call.</param>
    /// <param name="value">The member.</param>
    /// <param name="names">The members' names.</param>
    /// <param name="values">The members, in the same order.</param>
    public static void Return<T>(McpCall call, T? value, ReadOnlySpan<string> names, ReadOnlySpan<T> values)
        where T : struct, Enum
    {
        if (value is not { } present)
        {
            call.ReturnNothing();
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (EqualityComparer<T>.Default.Equals(values[i], present))
            {
                call.ReturnText(names[i]);
                return;
            }
        }

        call.ReturnText(present.ToString("D"));
    }

    private static void ReturnFormatted<T>(McpCall call, T? value, ReadOnlySpan<char> format)
        where T : struct, IUtf8SpanFormattable
    {
        // 64: the longest of the forms above has 33 bytes.
        Span<byte> buffer = stackalloc byte[64];
        if (value is not { } present)
        {
            call.ReturnNothing();
        }
        else if (present.TryFormat(buffer, out var written, format, CultureInfo.InvariantCulture))
        {
            call.ReturnText(buffer[..written]);
        }
    }
}
