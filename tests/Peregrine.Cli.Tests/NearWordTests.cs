namespace Peregrine.Cli.Tests;

public sealed class NearWordTests
{
    [Theory]
    [InlineData("nmae", "name")]
    [InlineData("lst", "list")]
    [InlineData("--timout", "--timeout")]
    [InlineData("messages", "message")]
    public void OneOrTwoMistakesAreForgiven(string word, string meant) => Assert.Equal(meant, NearWord.Find(word, ["city", "list", "message", "name", "--timeout"]));

    [Theory]
    [InlineData("a", "b")]
    [InlineData("ab", "cb")]
    [InlineData("name", "city")]
    [InlineData("", "a")]
    public void WhatIsHalfWrongIsSomethingElse(string word, string other) => Assert.Null(NearWord.Find(word, [other]));
}
