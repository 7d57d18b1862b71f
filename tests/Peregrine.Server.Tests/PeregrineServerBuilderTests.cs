using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests;

/// <summary>Descriptions that cannot become a server.</summary>
public sealed class PeregrineServerBuilderTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("A-Z_0.9")]
    [InlineData("..")]
    public void TakesToolNamesOfTheSpecification(string name) => TestServer.With(Tool(name), Tool(new string('n', 128)));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    [InlineData("a\n")]
    [InlineData("a,b")]
    public void RefusesOtherToolNames(string name)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => TestServer.With(Tool(name)));

        Assert.Contains($"The tool name \"{name}\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesANameOf129Characters() => Assert.Throws<InvalidOperationException>(() => TestServer.With(Tool(new string('n', 129))));

    [Fact]
    public void NamesEveryFaultAtOnce()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => TestServer.Describe(Tool("bad name"), Tool("twin"), Tool("twin"), Tool("Twin"))
            .Configure(static o => o with { ListTimeToLive = TimeSpan.FromSeconds(-1), MaxBlockingCalls = 0 })
            .Configure(static o => o with { BlockingThreshold = TimeSpan.Zero }).Build());

        Assert.All(
            new[] { "test-server", "ListTimeToLive is -00:00:01", "MaxBlockingCalls is 0", "BlockingThreshold is 00:00:00", "\"bad name\"", "Two tools are named \"twin\"" },
            fault => Assert.Contains(fault, exception.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("\"Twin\"", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void BoundsBlockingCalls(int count, bool valid) =>
        Assert.Equal(valid, (PeregrineServerOptions.Default with { MaxBlockingCalls = count }).Validate().Count == 0);

    [Fact]
    public void DefaultOptionsAreValid() => Assert.Empty(PeregrineServerOptions.Default.Validate());

    private static DelegateTool Tool(string name) => new DelegateTool(name, static _ => { });
}
