namespace Peregrine.Server.Tools;

/// <summary>
/// Has concurrent calls of a tool arrive as one batch: the method takes one <see cref="McpBatch{T}"/>, whose type argument is the tool's arguments, beside a <see cref="CancellationToken"/>, and returns
/// <see cref="ValueTask"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BatchAttribute : Attribute
{
    /// <summary>The most calls in one batch. 1 to 10,000; default 64.</summary>
    public int Max { get; set; } = 64;

    /// <summary>How long the first call of a batch waits for others, in microseconds. 0 (take what is there) to 1,000,000; default 500.</summary>
    public int WaitMicroseconds { get; set; } = 500;

    /// <summary>True where calls of different principals may share a batch; default false.</summary>
    public bool AcrossPrincipals { get; set; }
}
