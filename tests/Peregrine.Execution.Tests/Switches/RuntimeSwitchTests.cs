using Peregrine.Execution.Switches;

namespace Peregrine.Execution.Tests.Switches;

public sealed class RuntimeSwitchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(99)]
    [InlineData(100)]
    public void EveryHundredCallsHaveExactlyTheShare(int percent)
    {
        var tested = new RuntimeSwitch("a", "b") { Percent = percent };

        for (var round = 0; round < 5; round++)
        {
            Assert.Equal(percent, Enumerable.Range(0, 100).Count(_ => tested.Decide()));
        }
    }

    [Fact]
    public void AChangeIsToldOnce()
    {
        var changes = 0;
        var tested = new RuntimeSwitch("a", "b");
        tested.Changed += _ => changes++;

        tested.TurnOff();
        tested.TurnOff();
        tested.TurnOn();

        Assert.Equal(2, changes);
        Assert.Throws<ArgumentOutOfRangeException>(() => tested.Percent = 101);
    }

    [Fact]
    public void ASwitchIsFoundByItsName()
    {
        var switches = new RuntimeSwitches();
        var cache = switches.Add("cache", "Answers from the cache.", isOn: false);

        Assert.Same(cache, switches["cache"]);
        Assert.False(cache.IsOn);
        Assert.Null(switches.Find("other"));
        Assert.Contains("cache", Assert.Throws<KeyNotFoundException>(() => switches["other"]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => switches.Add("cache", "Again."));
    }
}
