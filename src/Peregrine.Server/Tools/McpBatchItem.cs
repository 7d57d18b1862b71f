using Peregrine.Server.Content;

namespace Peregrine.Server.Tools;

/// <summary>One call of a batch. For one thread at a time; items of one batch may be answered from different threads. Stale when the batch has ended.</summary>
/// <typeparam name="T">The call's arguments.</typeparam>
public sealed class McpBatchItem<T>
{
    internal McpBatchItem(McpCall call, T arguments)
    {
        Call = call;
        Arguments = arguments;
    }

    /// <summary>What the caller gave.</summary>
    public T Arguments { get; }

    /// <summary>The call itself; its token fires when this caller has gone.</summary>
    public McpCall Call { get; }

    internal bool IsAnswered { get; private set; }

    /// <summary>Answers the call with one text block.</summary>
    /// <exception cref="InvalidOperationException">The call has an answer already.</exception>
    public void SetResult(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Begin();
        Call.ReturnText(text);
    }

    /// <summary>Answers the call with content blocks, in this order.</summary>
    /// <exception cref="InvalidOperationException">The call has an answer already.</exception>
    public void SetResult(params ReadOnlySpan<McpContent> content)
    {
        Begin();
        Call.ReturnContent(content);
    }

    /// <summary>Answers the call with a failure that the model may read and act on.</summary>
    /// <exception cref="InvalidOperationException">The call has an answer already.</exception>
    public void SetError(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Begin();
        Call.ReturnToolError(message);
    }

    private void Begin()
    {
        if (IsAnswered)
        {
            throw new InvalidOperationException("This call of the batch has an answer already.");
        }

        IsAnswered = true;
    }
}
