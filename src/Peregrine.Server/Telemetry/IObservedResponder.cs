using Peregrine.Server.Fronts;

namespace Peregrine.Server.Telemetry;

/// <summary>What answers requests that are reported. Thread-safe.</summary>
internal interface IObservedResponder
{
    /// <summary>Answers a request without reporting it.</summary>
    ValueTask RespondUnobserved(McpExchange exchange);
}
