using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>What a tool's parameter of type <see cref="IProgress{T}"/> gets where its type is another library's. Thread-safe.</summary>
/// <typeparam name="T">What is reported.</typeparam>
public sealed class CallProgress<T> : IProgress<T>
{
    private readonly CallProgress _progress;
    private readonly Action<CallProgress, T> _report;

    /// <summary>Makes one.</summary>
    /// <param name="call">The call.</param>
    /// <param name="report">Reports what is given in its terms.</param>
    public CallProgress(McpCall call, Action<CallProgress, T> report)
    {
        _progress = new CallProgress(call);
        _report = report;
    }

    /// <inheritdoc/>
    public void Report(T value) => _report(_progress, value);
}
