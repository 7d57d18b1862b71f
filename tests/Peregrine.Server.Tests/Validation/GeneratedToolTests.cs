using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Validation;

/// <summary>Generated tools: the binder stops at the first violation, the schema names them all.</summary>
public sealed class GeneratedToolTests
{
    [Fact]
    public async Task ValidArgumentsNeverMeetTheSchema()
    {
        var server = Build();
        await using var peer = TestPeer.Start(server);

        Assert.Equal("Oslo 3 True", (await peer.AskAsync(Messages.StatelessCall("forecast", arguments: """{"city":"Oslo","days":3,"details":true}"""))).Text());
        Assert.Equal(0, server.Validation.Counts.CacheMisses);
        Assert.Equal(0, server.Validation.Counts.Arguments);
    }

    [Fact]
    public async Task OneViolationIsNamedOnce()
    {
        await using var peer = TestPeer.Start(Build());

        var text = (await peer.AskAsync(Messages.StatelessCall("forecast", arguments: """{"city":"Oslo","days":3}"""))).Text();

        Assert.Equal("Argument \"details\" is required.", text);
    }

    [Fact]
    public async Task SeveralViolationsAreAllNamed()
    {
        var server = Build();
        await using var peer = TestPeer.Start(server);

        var text = (await peer.AskAsync(Messages.StatelessCall("forecast", arguments: """{"city":"","days":99}"""))).Text();

        var lines = text.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("Argument \"city\"", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" All violations:", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, static line => line.StartsWith("- /city: ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("- /days: ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line == "- /: the property \"details\" is missing");
        Assert.Equal(1, server.Validation.Counts.RefusedArguments);
    }

    [Theory]
    [InlineData("""{"cty":"Oslo","days":3,"details":true}""", "Argument \"city\" is required; \"cty\" is not known, did you mean \"city\"?")]
    [InlineData("""{"city":"Oslo","Days":3,"details":true}""", "Argument \"days\" is required; \"Days\" is not known, did you mean \"days\"?")]
    [InlineData("""{"city":"Oslo","\u0064ay":3,"details":true}""", "Argument \"days\" is required; \"day\" is not known, did you mean \"days\"?")]
    [InlineData("""{"city":"Oslo","when":3,"details":true}""", "Argument \"days\" is required.")]
    [InlineData("""{"city":"Oslo","\ud800":1,"days":3,"details":true}""", "The object of arguments has a member whose name is not valid text (an escape for a lone surrogate).")]
    public async Task AMistypedNameIsToldTheRightOne(string arguments, string explanation)
    {
        await using var peer = TestPeer.Start(Build());

        Assert.Equal(explanation, (await peer.AskAsync(Messages.StatelessCall("forecast", arguments: arguments))).Text());
    }

    [Fact]
    public async Task SeveralMistypedNamesAreEachToldTheRightOne()
    {
        await using var peer = TestPeer.Start(Build());

        var text = (await peer.AskAsync(Messages.StatelessCall("forecast", arguments: """{"cyti":"Oslo","day":3,"detail":true}"""))).Text();

        Assert.Equal("""
            Argument "city" is required; "cyti" is not known, did you mean "city"? All violations:
            - /: the property "city" is missing; found "cyti", did you mean "city"?
            - /: the property "days" is missing; found "day", did you mean "days"?
            - /: the property "details" is missing; found "detail", did you mean "details"?
            """, text, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task SwitchedOffTheBinderStillRefuses()
    {
        var server = Build();
        server.Validation.ChecksArguments = false;
        await using var peer = TestPeer.Start(server);

        var reply = await peer.AskAsync(Messages.StatelessCall("forecast", arguments: """{"city":"","days":99}"""));

        Assert.True(reply.IsToolError());
        Assert.DoesNotContain("All violations", reply.Text(), StringComparison.Ordinal);
    }

    private static PeregrineServer Build() => PeregrineServer.CreateBuilder("t", "1").AddTools(new ForecastTools()).Build();
}
