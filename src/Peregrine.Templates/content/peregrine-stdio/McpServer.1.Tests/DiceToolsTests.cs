using Peregrine.Testing;

namespace McpServer._1.Tests;

public sealed class DiceToolsTests
{
    [Fact]
    public async Task RollsAsManyDiceAsAsked()
    {
        await using var app = await McpTest.StartAsync(server => server.AddTools<DiceTools>());

        var rolls = (await app.CallTextAsync("roll_dice", """{"dice":5,"sides":6}""")).Split(", ").Select(int.Parse).ToList();

        Assert.Equal(5, rolls.Count);
        Assert.All(rolls, roll => Assert.InRange(roll, 1, 6));
    }

    [Fact]
    public async Task TellsWhatIsAllowed()
    {
        await using var app = await McpTest.StartAsync(server => server.AddTools<DiceTools>());

        var exception = await Assert.ThrowsAsync<McpTestException>(() => app.CallTextAsync("roll_dice", """{"dice":1000}"""));

        Assert.Contains("1 to 100", exception.Message);
    }
}
