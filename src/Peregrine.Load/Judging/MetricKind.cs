namespace Peregrine.Load.Judging;

/// <summary>What a metric counts.</summary>
internal enum MetricKind : byte
{
    /// <summary>Nanoseconds.</summary>
    Latency,

    /// <summary>A second.</summary>
    Rate,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>1 is all.</summary>
    Share,

    /// <summary>Things.</summary>
    Count,
}
