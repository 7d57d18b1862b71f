using System.Globalization;
using System.Text;

namespace Peregrine.Generators.Emitting;

/// <summary>JSON text that may stand in a one-line raw literal: no line ends of any kind, and never three quotes in a row.</summary>
internal static class JsonWriter
{
    internal static string String(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                result.Append(c).Append(text[++i]);
            }
            else
            {
                Append(result, c);
            }
        }

        return result.Append('"').ToString();
    }

    private static void Append(StringBuilder result, char c)
    {
        switch (c)
        {
            case '"':
                result.Append("\\\"");
                break;
            case '\\':
                result.Append("\\\\");
                break;
            case '\n':
                result.Append("\\n");
                break;
            case < ' ' or '\u007F' or '\u0085' or '\u2028' or '\u2029':
                result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                break;
            default:
                // Half a character cannot be written in UTF-8.
                result.Append(char.IsSurrogate(c) ? '\uFFFD' : c);
                break;
        }
    }
}
