using Peregrine.Client.Calling;

namespace Peregrine.Client.Batching;

/// <summary>One of many calls that are made together.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">Its arguments: a raw JSON object; empty for none. Unchanged until all calls have ended.</param>
public sealed record ToolCall(string Name, ReadOnlyMemory<byte> Arguments = default)
{
    /// <summary>Calls with a higher one begin earlier; among equals the order of the list counts. Default 0.</summary>
    public int Priority { get; init; }

    /// <summary>How long the call may take from its beginning, all attempts included; its turn is waited for without counting. Null (the default): <see cref="BatchOptions.ItemTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What this call wants different from the client's settings. Null (the default) for nothing.</summary>
    public CallOptions? Options { get; init; }
}
