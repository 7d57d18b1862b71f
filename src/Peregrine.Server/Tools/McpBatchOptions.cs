namespace Peregrine.Server.Tools;

/// <summary>How concurrent calls of one tool are gathered into batches. Immutable.</summary>
public sealed record McpBatchOptions
{
    /// <summary>The most calls in one batch. 1 to 10,000.</summary>
    /// <value>64.</value>
    public int Max { get; init; } = 64;

    /// <summary>How long the first call of a batch waits for others. Zero (take what is there) to one second.</summary>
    /// <value>500 microseconds.</value>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMicroseconds(500);

    /// <summary>True where calls of different principals may share a batch.</summary>
    /// <value>False.</value>
    public bool AcrossPrincipals { get; init; }
}
