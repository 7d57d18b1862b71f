using System.Collections.Concurrent;

namespace Peregrine.Server.AspNetCore.Http;

/// <summary>Spare exchanges. Thread-safe.</summary>
internal sealed class HttpExchangePool
{
    // As many as requests are likely to run at once; what a burst made beyond that is left to the collector.
    private const int MaxSpare = 256;

    private readonly ConcurrentQueue<HttpExchange> _spare = new();
    private int _count;

    internal HttpExchange Rent()
    {
        if (_spare.TryDequeue(out var exchange))
        {
            Interlocked.Decrement(ref _count);
            return exchange;
        }

        return new HttpExchange();
    }

    internal void Return(HttpExchange exchange)
    {
        exchange.End();
        if (Interlocked.Increment(ref _count) <= MaxSpare)
        {
            _spare.Enqueue(exchange);
        }
        else
        {
            Interlocked.Decrement(ref _count);
            exchange.Dispose();
        }
    }
}
