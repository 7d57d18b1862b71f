namespace Peregrine.Transport.Tests;

/// <summary>How long a test waits for something that must come: reached only by a failing test.</summary>
public static class TestTime
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Limit);

    public static Task Soon(this ValueTask task) => task.AsTask().WaitAsync(Limit);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task Soon(this Task task) => task.WaitAsync(Limit);
}
