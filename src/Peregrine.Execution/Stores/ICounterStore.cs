namespace Peregrine.Execution.Stores;

/// <summary>Buckets of tokens by name, from which is taken all that is wanted or nothing: rate limits. Implementations are thread-safe.</summary>
public interface ICounterStore
{
    /// <summary>Takes tokens from a bucket.</summary>
    /// <param name="name">The bucket's name, 1 to 1,024 characters; it is full where it is new.</param>
    /// <param name="amount">How many. Zero or more; zero looks only.</param>
    /// <param name="limit">What the bucket is, the same at every call.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<CounterAnswer> TakeAsync(string name, double amount, CounterLimit limit, CancellationToken cancellationToken);
}
