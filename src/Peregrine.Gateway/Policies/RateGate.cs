using Peregrine.Execution.Stores;
using Peregrine.Execution.Switches;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;
using Peregrine.Server.Scheduling;

namespace Peregrine.Gateway.Policies;

/// <summary>Lets so many calls a second begin. Thread-safe.</summary>
/// <param name="scope">What the limit is for: all calls of it take from one bucket.</param>
/// <param name="limit">The bucket.</param>
/// <param name="clients">Names clients, where each has a bucket of its own; null where all share one.</param>
/// <param name="counters">Where the buckets are.</param>
/// <param name="isOn">The limit's switch.</param>
internal sealed class RateGate(string scope, CounterLimit limit, ClientNames? clients, ICounterStore counters, RuntimeSwitch isOn)
{
    private readonly string _bucket = $"gateway {(clients is null ? "all" : "each")} {scope}";

    /// <summary>Takes the call's token. False where there is none: then the call is answered with error 4001.</summary>
    internal async ValueTask<bool> TryEnterAsync(McpExchange exchange)
    {
        if (!isOn.Decide())
        {
            return true;
        }

        CounterAnswer answer;
        try
        {
            answer = await counters.TakeAsync(clients is null ? _bucket : $"{_bucket} {clients.Of(exchange)}", 1, limit, exchange.CancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            exchange.Fail(ErrorCodes.InternalError, "The call was cancelled");
            return false;
        }

        if (!answer.IsTaken)
        {
            CallRefusals.Overloaded(exchange,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Overloaded: {(clients is null ? "as many calls" : "this client has begun as many calls")} as may begin, {limit.PerSecond:0.###} a second; the call was not sent, try again later"),
                answer.RetryAfter, isServerBusy: clients is null);
        }

        return answer.IsTaken;
    }
}
