namespace Peregrine.Bench.Peers.Measuring;

/// <summary>One window of load.</summary>
/// <param name="CallsPerSecond">Replies that came within the window, each of them checked, over its length.</param>
/// <param name="P50">Median latency.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Max">Slowest call.</param>
/// <param name="ServerProcessors">Processor time of the server over the length of the window: 1 is one full processor.</param>
/// <param name="LoadProcessors">The same of the load generator, and of the server behind a gateway, which shares its processor: close to 1, it is what was measured.</param>
/// <param name="OtherProcessors">The same of everything else on the machine: much of it, and the figure says little.</param>
internal sealed record Measurement(double CallsPerSecond, TimeSpan P50, TimeSpan P99, TimeSpan Max, double ServerProcessors, double LoadProcessors, double OtherProcessors)
{
    /// <summary>The generator, with what shares its processor, had no time left while the server had.</summary>
    public bool IsLoadBound => LoadProcessors > 0.97 && ServerProcessors < 0.95;
}
