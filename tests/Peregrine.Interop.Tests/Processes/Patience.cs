namespace Peregrine.Interop.Tests.Processes;

/// <summary>Waits for what a process does in its own time.</summary>
internal static class Patience
{
    internal static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    /// <summary>Asks until the condition holds; fails when patience ends.</summary>
    internal static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan? patience = null, Func<string>? describe = null)
    {
        using var end = new CancellationTokenSource(patience ?? Default);
        while (!await condition())
        {
            await Task.Delay(10, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.False(end.IsCancellationRequested, $"Not within {(patience ?? Default).TotalSeconds} s. {describe?.Invoke()}");
        }
    }

    internal static Task UntilAsync(Func<bool> condition, TimeSpan? patience = null, Func<string>? describe = null) =>
        UntilAsync(() => Task.FromResult(condition()), patience, describe);
}
