using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Tests.Connections;

public sealed class WaitedTimeTests
{
    [Theory]
    [InlineData(1, "less than 1 ms")]
    [InlineData(9_999, "less than 1 ms")]
    [InlineData(10_000, "1 ms")]
    [InlineData(123_456, "12 ms")]
    [InlineData(9_999_999, "1000 ms")]
    [InlineData(10_000_000, "1 s")]
    [InlineData(25_500_000, "2.55 s")]
    public void A_time_is_never_said_to_be_nothing(long ticks, string words) => Assert.Equal(words, WaitedTime.Describe(TimeSpan.FromTicks(ticks)));
}
