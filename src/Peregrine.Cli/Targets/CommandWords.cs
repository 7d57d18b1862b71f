using System.Text;

namespace Peregrine.Cli.Targets;

/// <summary>A command line in one word, as `--floor` takes it.</summary>
internal static class CommandWords
{
    /// <summary>Cuts it at blanks; what stands in single or double quotes is kept together, a backslash keeps the next character outside of single quotes.</summary>
    /// <returns>The words; null where a quote is not closed.</returns>
    internal static IReadOnlyList<string>? Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isWord = false;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
                isWord = true;
            }
            else if (quote != '\0' || c is '"' or '\'')
            {
                if (quote == '\0')
                {
                    quote = c;
                    isWord = true;
                }
                else if (c == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word.Append(c);
                }
            }
            else if (!char.IsWhiteSpace(c))
            {
                word.Append(c);
                isWord = true;
            }
            else if (isWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
        }

        if (isWord)
        {
            words.Add(word.ToString());
        }

        return quote == '\0' ? words : null;
    }
}
