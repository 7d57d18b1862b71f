using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Tests.Resilience;

/// <summary>An attempt whose ends a test writes, in order; the last one stays. Below zero it throws.</summary>
internal sealed class ScriptedAttempt(params int[] ends) : IAttempt<int>
{
    private int _begun;

    public int Begun => Volatile.Read(ref _begun);

    public List<int> Numbers { get; } = [];

    public TimeSpan? After { get; init; }

    public bool Immediately { get; init; }

    /// <summary>Set to hold attempts of a number until the test lets go.</summary>
    public Dictionary<int, TaskCompletionSource> Held { get; } = [];

    public int Cancelled { get; private set; }

    public async ValueTask<int> RunAsync(int number, CancellationToken cancellationToken)
    {
        var begun = Interlocked.Increment(ref _begun);
        Numbers.Add(number);
        var end = ends[Math.Min(begun, ends.Length) - 1];
        if (Held.TryGetValue(begun, out var held))
        {
            try
            {
                await held.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Cancelled++;
                throw;
            }
        }

        return end < 0 ? throw new AttemptException(end) : end;
    }

    public AttemptVerdict Judge(in int result) => result == 0 ? new AttemptVerdict(true, true, After, Immediately) : AttemptVerdict.Final;

    public AttemptVerdict Judge(Exception exception) => exception is AttemptException { End: -1 } ? new AttemptVerdict(true, true, After, Immediately) : AttemptVerdict.Final;
}

internal sealed class AttemptException(int end) : Exception("attempt " + end)
{
    public int End { get; } = end;
}
