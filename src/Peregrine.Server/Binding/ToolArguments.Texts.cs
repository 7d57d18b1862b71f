using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Binding;

// Strings, and values that are strings in JSON. They take the forms that System.Text.Json takes.
public ref partial struct ToolArguments
{
    // Longer than every form of a date, a time and a span of time.
    private const int LongestShortText = 64;

    /// <summary>Reads a string; call <see cref="Read(string, ref bool)"/> first.</summary>
    public string GetString(string name) => TryGetText(out var text) ? text : WrongText(name, "a string", "");

    /// <summary>Reads a string whose length is bounded; call <see cref="Read(string, ref bool)"/> first.</summary>
    /// <param name="name">The argument's name.</param>
    /// <param name="minLength">The least number of characters (Unicode scalar values, as JSON Schema counts).</param>
    /// <param name="maxLength">The greatest number of characters.</param>
    public string GetString(string name, int minLength, int maxLength)
    {
        if (!TryGetText(out var text))
        {
            return WrongText(name, "a string", "");
        }

        // A character takes one or two chars, so most texts need no counting.
        if (text.Length > maxLength || text.Length < minLength * 2L)
        {
            var length = CountCharacters(text);
            if (length > maxLength || length < minLength)
            {
                Fail(name, $"must have {Range(minLength, maxLength)} characters; found {length}.");
            }
        }

        return text;
    }

    /// <summary>Reads a string of one UTF-16 unit; call <see cref="Read(string, ref bool)"/> first.</summary>
    public char GetChar(string name)
    {
        Span<char> buffer = stackalloc char[LongestShortText];
        return TryCopy(buffer, out var text) && text.Length == 1 ? text[0] : WrongText(name, "one character", '\0');
    }

    /// <summary>Reads a UUID such as <c>c2f41ed5-6a1c-4f5c-8d5f-0f6f8c1f3d70</c>; call <see cref="Read(string, ref bool)"/> first.</summary>
    public Guid GetGuid(string name) => IsText && _reader.TryGetGuid(out var value) ? value : WrongText(name, "a UUID with hyphens", default(Guid));

    /// <summary>Reads a date and time (ISO 8601), with or without an offset; call <see cref="Read(string, ref bool)"/> first.</summary>
    public DateTime GetDateTime(string name) =>
        IsText && _reader.TryGetDateTime(out var value) ? value : WrongText(name, "a date and time such as 2026-07-28T09:30:00Z", default(DateTime));

    /// <summary>Reads a date and time (ISO 8601); call <see cref="Read(string, ref bool)"/> first. Without an offset it is local time.</summary>
    public DateTimeOffset GetDateTimeOffset(string name) =>
        IsText && _reader.TryGetDateTimeOffset(out var value) ? value : WrongText(name, "a date and time such as 2026-07-28T09:30:00Z", default(DateTimeOffset));

    /// <summary>Reads a date such as <c>2026-07-28</c>; call <see cref="Read(string, ref bool)"/> first.</summary>
    public DateOnly GetDateOnly(string name)
    {
        Span<char> buffer = stackalloc char[LongestShortText];
        return TryCopy(buffer, out var text) && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var value)
            ? value
            : WrongText(name, "a date such as 2026-07-28", default(DateOnly));
    }

    /// <summary>Reads a time of day such as <c>09:30:00</c>, with up to seven digits of a fraction; call <see cref="Read(string, ref bool)"/> first.</summary>
    public TimeOnly GetTimeOnly(string name)
    {
        Span<char> buffer = stackalloc char[LongestShortText];
        return TryCopy(buffer, out var text) && TimeOnly.TryParseExact(text, "HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.None, out var value)
            ? value
            : WrongText(name, "a time of day such as 09:30:00", default(TimeOnly));
    }

    /// <summary>Reads a span of time, <c>[-][d.]hh:mm:ss[.fffffff]</c>; call <see cref="Read(string, ref bool)"/> first.</summary>
    public TimeSpan GetTimeSpan(string name)
    {
        Span<char> buffer = stackalloc char[LongestShortText];

        // The constant format also takes "5" (days), "5:30" and white space around it; neither the schema nor System.Text.Json does.
        return TryCopy(buffer, out var text) && text.Count(':') == 2 && !text.Contains(' ')
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var value)
            ? value
            : WrongText(name, "a span of time such as 1.02:03:04.5", default(TimeSpan));
    }

    /// <summary>Reads an absolute URI; call <see cref="Read(string, ref bool)"/> first.</summary>
    public Uri GetUri(string name)
    {
        // Some systems take a path such as "/etc" for an absolute file URI; a URI has a scheme.
        if (TryGetText(out var text) && text.Length > 0 && text[0] is not ('/' or '\\') && Uri.TryCreate(text, UriKind.Absolute, out var value))
        {
            return value;
        }

        return WrongText<Uri>(name, "an absolute URI such as https://example.org/", null!);
    }

    /// <summary>Reads bytes in base64; call <see cref="Read(string, ref bool)"/> first.</summary>
    public byte[] GetBytes(string name) => IsText && _reader.TryGetBytesFromBase64(out var value) ? value : WrongText<byte[]>(name, "bytes in base64", []);

    /// <summary>Reads the name of an enumeration's member: the exact name, or the same letters in other case. Call <see cref="Read(string, ref bool)"/> first.</summary>
    /// <param name="name">The argument's name.</param>
    /// <param name="names">The members' names.</param>
    /// <param name="values">The members, in the same order.</param>
    public T GetEnum<T>(string name, scoped ReadOnlySpan<string> names, scoped ReadOnlySpan<T> values)
        where T : struct, Enum
    {
        if (IsText)
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (_reader.ValueTextEquals(names[i]))
                {
                    return values[i];
                }
            }

            var text = _reader.GetString();
            for (var i = 0; i < names.Length; i++)
            {
                if (string.Equals(names[i], text, StringComparison.OrdinalIgnoreCase))
                {
                    return values[i];
                }
            }
        }

        return WrongText(name, $"one of {string.Join(", ", names!)}", default(T));
    }

    // An escape may stand for half a character; the reader throws at that.
    private readonly bool IsText => _reader.TokenType == JsonTokenType.String && (!_reader.ValueIsEscaped || IsWellFormed(_reader));

    private static string Range(int least, int most) => most == int.MaxValue ? $"at least {least}" : $"{least} to {most}";

    private static int CountCharacters(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                count--;
            }
        }

        return count;
    }

    private static bool IsWellFormed(in Utf8JsonReader reader) => JsonText.TryGetTokenString(reader, out _);

    private readonly bool TryGetText([NotNullWhen(true)] out string? text)
    {
        text = null;
        return _reader.TokenType == JsonTokenType.String && JsonText.TryGetTokenString(_reader, out text);
    }

    private readonly bool TryCopy(Span<char> buffer, out ReadOnlySpan<char> text)
    {
        text = default;
        if (_reader.ValueSpan.Length > buffer.Length || !IsText)
        {
            return false;
        }

        text = buffer[.._reader.CopyString(buffer)];
        return true;
    }

    private T WrongText<T>(string name, string wanted, T fallback)
    {
        if (_reader.TokenType != JsonTokenType.String)
        {
            return WrongType(name, wanted, fallback);
        }

        Fail(name, _reader.ValueIsEscaped && !IsWellFormed(_reader)
            ? "must be valid text; found an escape for half a character (a lone surrogate)."
            : $"must be {wanted}; found other text.");
        return fallback;
    }
}
