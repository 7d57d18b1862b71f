using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>Waits for what other threads do.</summary>
internal static class Waiting
{
    /// <summary>Ends when the condition holds; fails where it does not for as long as a test has patience.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestSite.Patience);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, "What was waited for has not happened.");
            await Task.Yield();
        }
    }
}
