namespace Peregrine.Bench.Peers.Measuring;

/// <summary>A running server and the load on it.</summary>
internal interface ILoad : IDisposable
{
    /// <summary>Id of the server's process.</summary>
    int ProcessId { get; }

    /// <summary>Loads the server for at least <paramref name="length"/>, and leaves no call open. Throws <see cref="BenchException"/> on any wrong or missing reply.</summary>
    Measurement Run(TimeSpan length);
}
