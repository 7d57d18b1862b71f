namespace Peregrine.Execution.Resilience;

/// <summary>Something that can be tried several times, for the policies around it. One object a call; attempts may overlap where it is hedged.</summary>
/// <typeparam name="T">What it gives; disposed by the policies where it is not handed on and can be.</typeparam>
internal interface IAttempt<T>
{
    /// <summary>Tries.</summary>
    /// <param name="number">1 for the first attempt.</param>
    /// <param name="cancellationToken">Gives this attempt up.</param>
    ValueTask<T> RunAsync(int number, CancellationToken cancellationToken);

    /// <summary>Says what an attempt that gave something means.</summary>
    AttemptVerdict Judge(in T result);

    /// <summary>Says what an attempt that threw means.</summary>
    AttemptVerdict Judge(Exception exception);
}
