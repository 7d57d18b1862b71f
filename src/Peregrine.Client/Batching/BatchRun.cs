using Peregrine.Client.Calling;
using Peregrine.Client.Reliability;
using Peregrine.Client.Tools;
using Peregrine.Execution.Resilience;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Batching;

/// <summary>Many calls on their way. A call's failure is its result, and touches no other.</summary>
internal sealed class BatchRun
{
    private static readonly CallOptions NoOptions = new();

    private readonly IReadOnlyList<ToolCall> _calls;
    private readonly BatchOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<ToolCall, CallOptions, CancellationToken, ValueTask<ToolResult>> _call;
    private readonly AdaptiveGate _gate;
    private readonly ToolCallResult?[] _results;

    internal BatchRun(
        IReadOnlyList<ToolCall> calls, BatchOptions options, BatchGates gates, TimeProvider time, Func<ToolCall, CallOptions, CancellationToken, ValueTask<ToolResult>> call)
    {
        _calls = calls;
        _options = options;
        _time = time;
        _call = call;
        _results = new ToolCallResult?[calls.Count];
        _gate = options.Concurrency is { } most ? gates.Fixed(most) : gates.For(options.Adaptive);
    }

    /// <summary>Makes the calls.</summary>
    /// <exception cref="ArgumentException">A call is null, or its options are not valid; nothing was sent.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, once all that ran has ended.</exception>
    internal async ValueTask<ToolCallResults> RunAsync(CancellationToken cancellationToken)
    {
        var order = new int[_calls.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            Check(i);
        }

        // A stable sort: among equals the list's order.
        Array.Sort(order, (a, b) => _calls[b].Priority != _calls[a].Priority ? _calls[b].Priority.CompareTo(_calls[a].Priority) : a.CompareTo(b));
        var running = new Running();
        try
        {
            foreach (var index in order)
            {
                var pass = await _gate.EnterAsync(_calls[index].Priority, cancellationToken).ConfigureAwait(false);
                running.Add();
                _ = CallAsync(index, pass, running, cancellationToken);
            }
        }
        finally
        {
            // Nothing is left behind that still writes into the results.
            running.Remove();
            await running.Ended.ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested || running.Fault is not null)
            {
                // Nobody gets them.
                foreach (var result in _results)
                {
                    result?.Dispose();
                }
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (running.Fault is { } fault)
        {
            throw new InvalidOperationException("OnResult threw; all calls have ended.", fault);
        }

        return new ToolCallResults(_results!, _gate.Limit);
    }

    private void Check(int index)
    {
        if (_calls[index] is not { Name: not null } call)
        {
            throw new ArgumentException($"Call {index} is null, or names no tool.");
        }

        if (call.Timeout is { } timeout && timeout <= TimeSpan.Zero)
        {
            throw new ArgumentException($"Call {index}: Timeout is not more than zero.");
        }

        call.Options?.Validate();
        if (!call.Arguments.IsEmpty && !PeregrineClientOptions.IsJsonObject(call.Arguments.Span))
        {
            throw new ArgumentException($"Call {index}: the arguments of a tool are one JSON object.");
        }
    }

    // Last of all this tells that it has ended, so nothing may be thrown on the way.
    private async Task CallAsync(int index, AdaptiveGate.Pass pass, Running running, CancellationToken cancellationToken)
    {
        var call = _calls[index];
        var timeout = call.Timeout ?? _options.ItemTimeout;
        ToolCallResult result;
        var end = PassEnd.Answered;
        var time = timeout > TimeSpan.Zero ? new CancellationTokenSource(timeout, _time) : null;
        var both = time is null ? null : CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            result = new ToolCallResult(await _call(call, call.Options ?? NoOptions, both?.Token ?? cancellationToken).ConfigureAwait(false), exception: null);
        }
        catch (OperationCanceledException exception) when (time is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
        {
            end = PassEnd.Overloaded;
            var late = new TimeoutException($"The call of {call.Name} did not end within {timeout.TotalSeconds:0.###} s.", exception);
            CallOutcome.Of(exception)?.AttachTo(late);
            result = new ToolCallResult(null, late);
        }
        catch (Exception exception)
        {
            end = EndOf(exception);
            result = new ToolCallResult(null, exception);
        }

        both?.Dispose();
        time?.Dispose();
        _results[index] = result;
        _gate.Leave(pass, end);
        try
        {
            _options.OnResult?.Invoke(index, result);
        }
        catch (Exception exception)
        {
            running.Fault = exception;
        }

        running.Remove();
    }

    private static PassEnd EndOf(Exception exception) => exception switch
    {
        CallNotSentException { Code: ErrorCodes.Overloaded } => PassEnd.Overloaded,
        McpPeerException { Code: ErrorCodes.Overloaded or ErrorCodes.TimedOut or ErrorCodes.ResourceExhausted } => PassEnd.Overloaded,
        McpTransportException { Fault: TransportFault.TimedOut } or McpTransportException { StatusCode: 429 or 503 } => PassEnd.Overloaded,
        McpPeerException => PassEnd.Answered,
        _ => PassEnd.Ignored,
    };

    /// <summary>Counts what runs; one is counted for who starts the calls.</summary>
    private sealed class Running
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count = 1;

        internal Task Ended => _ended.Task;

        /// <summary>What a callback threw; null for nothing.</summary>
        internal Exception? Fault { get; set; }

        internal void Add() => Interlocked.Increment(ref _count);

        internal void Remove()
        {
            if (Interlocked.Decrement(ref _count) == 0)
            {
                _ended.TrySetResult();
            }
        }
    }
}
