using Peregrine.Server.Subscriptions;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Subscriptions;

public sealed class SubscriptionOptionsTests
{
    [Fact]
    public void TheDefaultsAreValid() => Assert.Empty(SubscriptionOptions.Default.Validate());

    [Fact]
    public void AllFaultsAreNamedWhenTheServerIsBuilt()
    {
        var faulty = new SubscriptionOptions
        {
            MaxStreams = -1,
            MaxResourcesPerStream = 2_000_000,
            MaxResources = -5,
            MaxUriLength = 3,
            KeepAlive = TimeSpan.Zero,
            GatherTime = TimeSpan.FromHours(1),
        };

        Assert.Equal(6, faulty.Validate().Count);
        var fault = Assert.Throws<InvalidOperationException>(() => TestServer.Describe().Configure(options => options with { Subscriptions = faulty }).Build());
        Assert.Contains("Subscriptions: KeepAlive is 00:00:00; it must be from 1 second to 1 hour.", fault.Message, StringComparison.Ordinal);
    }
}
