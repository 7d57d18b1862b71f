using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Tests.Targets;

public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("a b  c", "a|b|c")]
    [InlineData(" npx -y 'some server' ", "npx|-y|some server")]
    [InlineData("""floor --reply '{"id":$ID}'""", """floor|--reply|{"id":$ID}""")]
    [InlineData("""a "b \" c" d\ e""", """a|b " c|d e""")]
    [InlineData("a '' b", "a||b")]
    [InlineData("""'a\b'""", """a\b""")]
    [InlineData("a'b'\"c\"", "abc")]
    [InlineData("", null)]
    [InlineData("  ", null)]
    public void Words_are_cut_as_a_shell_cuts_them(string text, string? words) =>
        Assert.Equal(words?.Split('|') ?? [], CommandWords.Split(text)!);

    [Theory]
    [InlineData("a 'b")]
    [InlineData("\"")]
    public void A_quote_that_is_not_closed_is_refused(string text) => Assert.Null(CommandWords.Split(text));

    [Fact]
    public void A_word_may_be_a_url_or_a_command()
    {
        Assert.Equal("http://127.0.0.1:1/mcp", Target.TryParseWord("http://127.0.0.1:1/mcp", out _)!.Endpoint!.ToString());
        Assert.Equal(["./server", "--stdio"], Target.TryParseWord("./server --stdio", out _)!.Command);
        Assert.Null(Target.TryParseWord("'open", out var error));
        Assert.Contains("neither a URL nor a command line", error, StringComparison.Ordinal);
    }
}
