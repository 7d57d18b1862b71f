using Peregrine.Server.Binding;

namespace Peregrine.Server.Tests.Binding;

public sealed class ToolPatternTests
{
    [Theory]
    [InlineData("^[a-z]+$", "abc", true)]
    [InlineData("^[a-z]+$", "abC", false)]
    [InlineData("^(?=a)abc$", "abc", true)]
    [InlineData(@"^(a)\1$", "ab", false)]
    public void Pattern_is_matched(string pattern, string text, bool isMatch) => Assert.Equal(isMatch, new ToolPattern(pattern).IsMatch(text));

    [Fact]
    public void Text_that_takes_too_long_to_judge_does_not_match() => Assert.False(new ToolPattern("^(?=a)(a+)+$").IsMatch(new string('a', 40) + "!"));
}
