using Peregrine.Cli.Measuring;

namespace Peregrine.Cli.Tests.Measuring;

public sealed class RecordedCommandTests
{
    [Theory]
    [InlineData("bench --header Authorization:secret http://a/mcp", "peregrine bench --header Authorization:… http://a/mcp")]
    [InlineData("bench --header=X-Key:secret:er --rate 5 http://a/mcp", "peregrine bench --header=X-Key:… --rate 5 http://a/mcp")]
    [InlineData("bench --header:X-Key:secret http://a/mcp", "peregrine bench --header:X-Key:… http://a/mcp")]
    [InlineData("bench --header secret", "peregrine bench --header …")]
    [InlineData("bench --header", "peregrine bench --header")]
    [InlineData("bench --runs 2 -- server --header a:b", "peregrine bench --runs 2 -- server --header a:b")]
    public void What_headers_say_is_left_out_of_results(string given, string kept) =>
        Assert.Equal(kept, string.Join(' ', RecordedCommand.Of(given.Split(' '))));
}
