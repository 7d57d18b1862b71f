using Peregrine.Client.Reliability;
using Peregrine.Client.Tools;

namespace Peregrine.Client.Batching;

/// <summary>How one of many calls ended: with a result, or with an exception. Dispose it.</summary>
public sealed class ToolCallResult : IDisposable
{
    internal ToolCallResult(ToolResult? result, Exception? exception)
    {
        Result = result;
        Exception = exception;
        Outcome = result?.Outcome ?? (exception is null ? null : CallOutcome.Of(exception)) ?? default;
    }

    /// <summary>What the tool answered, also where it failed (<see cref="ToolResult.IsError"/>); null where no answer came.</summary>
    public ToolResult? Result { get; }

    /// <summary>Why there is no answer; null where there is one. Where the call's time was over it is a <see cref="TimeoutException"/>.</summary>
    public Exception? Exception { get; }

    /// <summary>What is known about the call.</summary>
    public CallOutcome Outcome { get; }

    /// <summary>True where the tool answered and did not fail.</summary>
    public bool Succeeded => Result is { IsError: false };

    /// <summary>Gives the result's memory back. More than once does nothing.</summary>
    public void Dispose() => Result?.Dispose();
}
