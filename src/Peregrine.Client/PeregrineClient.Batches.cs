using Peregrine.Client.Batching;

namespace Peregrine.Client;

/// <content>Many calls together.</content>
public sealed partial class PeregrineClient
{
    /// <summary>Makes many calls, as many at once as the server bears: found by itself where <see cref="BatchOptions.Concurrency"/> does not say.</summary>
    /// <param name="calls">The calls; not to be changed before the task ends.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Gives all of them up.</param>
    /// <returns>How each ended, in the order of <paramref name="calls"/>, whatever became of the others; dispose it.</returns>
    /// <exception cref="ArgumentException">The options, or those of a call, are not valid. Nothing was sent.</exception>
    public ValueTask<ToolCallResults> CallToolsAsync(IReadOnlyList<ToolCall> calls, BatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(calls);
        options ??= new BatchOptions();
        options.Validate();
        return new BatchRun(
            calls,
            options,
            _gates,
            _options.TimeProvider,
            (call, settings, token) => CallToolAsync(call.Name, call.Arguments, settings, token)).RunAsync(cancellationToken);
    }
}
