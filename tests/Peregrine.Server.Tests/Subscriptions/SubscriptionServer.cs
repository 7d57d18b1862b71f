using Peregrine.Server.Subscriptions;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Subscriptions;

/// <summary>Servers whose resources are all that begin with <c>test://</c>, and which tell of a change as soon as a worker is free.</summary>
internal static class SubscriptionServer
{
    internal static PeregrineServer Create(Func<SubscriptionOptions, SubscriptionOptions>? change = null, TimeProvider? time = null)
    {
        var options = SubscriptionOptions.Default with { GatherTime = TimeSpan.Zero };
        return TestServer.Describe().Configure(server => server with
        {
            Subscriptions = change?.Invoke(options) ?? options,
            CanSubscribe = static uri => uri.StartsWith("test://", StringComparison.Ordinal),
            TimeProvider = time ?? TimeProvider.System,
        }).Build();
    }

    /// <summary>Waits for something that another thread is about to bring about.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestPeer.Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
        }
    }
}
