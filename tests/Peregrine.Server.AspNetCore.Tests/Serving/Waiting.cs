namespace Peregrine.Server.AspNetCore.Tests.Serving;

/// <summary>Waits for what other threads do.</summary>
internal static class Waiting
{
    // Looking without a pause would take the processor from those who are waited for.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Ends when the condition holds; fails where it does not for as long as a test has patience.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TestSite.Patience, "What was waited for has not happened.");
            await Task.Delay(Pause);
        }
    }
}
