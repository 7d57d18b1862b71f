using System.Diagnostics.CodeAnalysis;
using Peregrine.Execution.Batching;

namespace Peregrine.Server.Tools;

/// <summary>
/// A tool whose concurrent calls are answered together. Written by the generator for a method marked <see cref="BatchAttribute"/>, or by hand. Without a collector each call is a batch of
/// its own. Implementations are thread-safe.
/// </summary>
/// <typeparam name="T">The arguments of one call.</typeparam>
public abstract class McpBatchToolHandler<T> : McpToolHandler
{
    /// <summary>Makes a handler.</summary>
    /// <param name="definition">What the tool is, with <see cref="McpToolDefinition.Batch"/>.</param>
    protected McpBatchToolHandler(McpToolDefinition definition)
        : base(definition)
    {
    }

    /// <summary>
    /// Gathers calls: takes one item, and ends when the batch in which it went has ended, failing as that did. Null: each call is a batch of one. Set when the tool is registered.
    /// </summary>
    internal Func<McpBatchItem<T>, ValueTask>? Collector { get; set; }

    internal sealed override void BeginBatching(PeregrineServer server)
    {
        if (Definition.Batch is not { } batch || Collector is not null)
        {
            return;
        }

        var collector = new BatchCollector<McpBatchItem<T>>(new BatchLimits(batch.Max, batch.Wait), server.Options.TimeProvider, server.Scheduler, RunAsync);
        Collector = item => new ValueTask(collector.AddAsync(batch.AcrossPrincipals ? this : item.Call.Exchange.Owner, item, item.Call.CancellationToken));
    }

    /// <inheritdoc/>
    public sealed override ValueTask InvokeAsync(McpCall call)
    {
        if (!TryBind(call, out var arguments))
        {
            return default;
        }

        var item = new McpBatchItem<T>(call, arguments);
        return Collector is { } collector ? collector(item) : RunAsync([item], call.CancellationToken);
    }

    /// <summary>Runs one batch, and answers the items that the method left without an answer. An exception is that of the whole batch.</summary>
    /// <param name="items">The calls.</param>
    /// <param name="cancellationToken">Fires when all callers have gone.</param>
    internal async ValueTask RunAsync(IReadOnlyList<McpBatchItem<T>> items, CancellationToken cancellationToken)
    {
        await RunBatchAsync(new McpBatch<T>(items), cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < items.Count; i++)
        {
            if (!items[i].IsAnswered)
            {
                items[i].SetError($"The tool \"{Definition.Name}\" did not answer this call of a batch.");
            }
        }
    }

    /// <summary>Reads the arguments of one call.</summary>
    /// <param name="call">The call; told of arguments that are refused (<see cref="McpCall.RejectArguments"/>).</param>
    /// <param name="arguments">What was read.</param>
    /// <returns>False where the arguments were refused.</returns>
    protected abstract bool TryBind(McpCall call, [MaybeNullWhen(false)] out T arguments);

    /// <summary>Answers the calls of one batch.</summary>
    /// <param name="batch">The calls.</param>
    /// <param name="cancellationToken">Fires when all callers have gone.</param>
    protected abstract ValueTask RunBatchAsync(McpBatch<T> batch, CancellationToken cancellationToken);
}
