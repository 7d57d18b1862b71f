using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>
/// What a tool's parameter of type <see cref="IProgress{T}"/> gets: each report becomes a progress notification where the caller asked for progress.
/// Reports after the call has ended are dropped. Thread-safe; await <see cref="McpCall.ReportProgressAsync"/> instead where a slow reader is to slow the tool.
/// </summary>
public sealed class CallProgress : IProgress<double>, IProgress<McpProgress>
{
    private readonly McpCall _call;

    /// <summary>Makes one for <paramref name="call"/>.</summary>
    public CallProgress(McpCall call) => _call = call;

    /// <inheritdoc/>
    public void Report(double value) => Report(new McpProgress(value));

    /// <inheritdoc/>
    public void Report(McpProgress value)
    {
        ValueTask sending;
        try
        {
            sending = _call.ReportProgressAsync(value.Progress, value.Total, value.Message);
        }
        catch (ObjectDisposedException)
        {
            // IProgress is often reported to from elsewhere, which cannot know that the call has ended.
            return;
        }

        if (sending.IsCompletedSuccessfully)
        {
            sending.GetAwaiter().GetResult();
        }
        else
        {
            _ = ObserveAsync(sending);
        }
    }

    private static async Task ObserveAsync(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The caller went away; the call itself learns that from its token.
        }
    }
}
