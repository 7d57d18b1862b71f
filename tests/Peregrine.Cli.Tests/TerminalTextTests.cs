namespace Peregrine.Cli.Tests;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain, ä, 鷹 and 🦅", "plain, ä, 鷹 and 🦅")]
    [InlineData("a\tb\nc\r\nd", "a\tb\nc\nd")]
    [InlineData("\x1b[2J\x1b]0;title\x07", "\u241b[2J\u241b]0;title\u2407")]
    [InlineData("100 %\rdone\b", "100 %\u240ddone\u2408")]
    [InlineData("a\x7f\u009bb", "a\u2421\ufffdb")]
    public void ControlsAreShownAndNotDone(string text, string shown)
    {
        if (!text.Contains("\r\n", StringComparison.Ordinal) && text == shown)
        {
            Assert.Same(text, TerminalText.Show(text));
        }

        Assert.Equal(shown, TerminalText.Show(text));
    }
}
