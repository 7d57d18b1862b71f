using System.Buffers;
using System.Text;

namespace Peregrine.Cli;

/// <summary>Text that a server wrote, on its way to a terminal: what would move the cursor, change colours or ring a bell is shown in place of being done. Files and pipes get it as it is.</summary>
internal static class TerminalText
{
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static code => (char)code).Except(['\t', '\n']), .. Enumerable.Range(0x7F, 0x21).Select(static code => (char)code)]);

    /// <summary>For standard output.</summary>
    internal static string ForOutput(string text) => Console.IsOutputRedirected ? text : Show(text);

    /// <summary>For standard error.</summary>
    internal static string ForError(string text) => Console.IsErrorRedirected ? text : Show(text);

    /// <summary>Shows control characters as the pictures that Unicode has for them; line ends and tabs stay.</summary>
    internal static string Show(string text)
    {
        if (!text.AsSpan().ContainsAny(Controls))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            _ = c switch
            {
                '\r' when i + 1 < text.Length && text[i + 1] == '\n' => shown,
                '\t' or '\n' => shown.Append(c),
                < ' ' => shown.Append((char)(0x2400 + c)),
                '\x7F' => shown.Append('\x2421'),
                > '\x7F' and < '\xA0' => shown.Append('\xFFFD'),
                _ => shown.Append(c),
            };
        }

        return shown.ToString();
    }
}
