using Peregrine.Server.Fronts;

namespace Peregrine.Server.Dispatch;

/// <summary>One call of a blocking handler on its way through the lane.</summary>
internal sealed class LaneCall(ToolInvoker invoker, McpHandler handler, McpExchange exchange) : IThreadPoolWorkItem
{
    // Continuations run elsewhere: the lane's threads are few and belong to handlers.
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Completion => _completion.Task;

    public void Execute()
    {
        if (exchange.IsCancelled)
        {
            _completion.SetResult();
            return;
        }

        var running = invoker.InvokeHere(handler, exchange);
        if (running.IsCompletedSuccessfully)
        {
            running.GetAwaiter().GetResult();
            _completion.SetResult();
        }
        else
        {
            _ = CompleteAsync(running);
        }
    }

    private async Task CompleteAsync(ValueTask running)
    {
        // The invoker turns every failure into a result, so this does not throw.
        await running.ConfigureAwait(false);
        _completion.SetResult();
    }
}
