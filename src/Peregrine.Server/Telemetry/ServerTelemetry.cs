using System.Diagnostics;
using System.Globalization;
using System.Text;
using Peregrine.Execution.Instruments;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Telemetry;

/// <summary>
/// Reports each request of a server or gateway: as an <see cref="Activity"/>, as OpenTelemetry's histogram, and to the server's own counters where they were asked for. Costs three reads a request, and allocates
/// nothing, while nobody listens. Thread-safe.
/// </summary>
internal sealed partial class ServerTelemetry(TelemetrySource source, TimeProvider time, CallInstruments instruments)
{
    private static readonly string[] MethodNames = NameMethods();

    private RequestMeter?[]? _meters;
    private RequestMetrics? _metrics;

    /// <summary>True while somebody wants to know.</summary>
    internal bool IsOn => Volatile.Read(ref _meters) is not null || source.Instruments.IsHeard || instruments.IsOn;

    /// <summary>The server's own counters. Made at the first look; from then on every request is counted.</summary>
    internal RequestMetrics Metrics
    {
        get
        {
            if (Interlocked.CompareExchange(ref _metrics, new RequestMetrics(), null) is null)
            {
                Volatile.Write(ref _meters, new RequestMeter?[byte.MaxValue + 1]);
            }

            return _metrics;
        }
    }

    /// <summary>Answers a request through <paramref name="server"/> and reports it.</summary>
    internal ValueTask ObserveAsync(IObservedResponder server, McpExchange exchange)
    {
        var started = time.GetTimestamp();
        var activity = source.Instruments.Activities.HasListeners() ? Start(exchange) : null;
        var tracked = instruments.IsOn ? instruments.Begin(MethodName(exchange), Target(exchange)) : null;
        ValueTask responding;
        try
        {
            responding = server.RespondUnobserved(exchange);
        }
        catch (Exception exception)
        {
            End(exchange, activity, tracked, started, exception);
            throw;
        }

        if (!responding.IsCompletedSuccessfully)
        {
            return AwaitAsync(responding, exchange, activity, tracked, started);
        }

        responding.GetAwaiter().GetResult();
        End(exchange, activity, tracked, started, exception: null);
        return default;
    }

    private async ValueTask AwaitAsync(ValueTask responding, McpExchange exchange, Activity? activity, TrackedCall? tracked, long started)
    {
        Exception? failure = null;
        try
        {
            await responding.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            End(exchange, activity, tracked, started, failure);
        }
    }

    private Activity? Start(McpExchange exchange)
    {
        var method = MethodName(exchange);
        var target = Target(exchange);

        // What the caller says in _meta comes first: an HTTP connection may be shared by several traces. The span of the HTTP request, where there is one, is linked.
        var parent = TraceContext.Read(exchange);
        var around = Activity.Current?.Context;
        var isNamed = target is not null && exchange.Method is (McpMethod.ToolsCall or McpMethod.PromptsGet);
        var activity = source.Instruments.Activities.CreateActivity(isNamed ? $"{method} {target}" : method, ActivityKind.Server, parent,
            links: parent != default && around is { } link ? [new ActivityLink(link)] : null);
        if (activity is not { IsAllDataRequested: true })
        {
            return activity?.Start();
        }

        activity.SetTag(TelemetryNames.Method, method);
        activity.SetTag(TelemetryNames.ProtocolVersion, exchange.Version.ToText());
        activity.SetTag(TelemetryNames.RequestId, IdText(exchange.Envelope.Id.Of(exchange.Body.Span)));
        activity.SetTag(TelemetryNames.NetworkTransport, exchange.NetworkTransport);
        if (TargetTag(exchange.Method) is { } tag && target is not null)
        {
            activity.SetTag(tag, target);
        }

        if (exchange.Method == McpMethod.ToolsCall)
        {
            activity.SetTag(TelemetryNames.OperationName, "execute_tool");
        }

        if (exchange.Session?.Id is { } session)
        {
            activity.SetTag(TelemetryNames.SessionId, session);
        }

        return activity.Start();
    }

    private void End(McpExchange exchange, Activity? activity, TrackedCall? tracked, long started, Exception? exception)
    {
        if (tracked is not null)
        {
            instruments.End(tracked, Outcome(exchange, exception));
        }

        var elapsed = time.GetElapsedTime(started);
        var error = ErrorType(exchange, exception);
        if (Volatile.Read(ref _meters) is { } meters)
        {
            MeterOf(meters, exchange.Method).Record(Outcome(exchange, exception), elapsed);
        }

        if (source.Instruments.Duration.Enabled)
        {
            Record(exchange, elapsed, error);
        }

        if (activity is not null)
        {
            if (error is not null)
            {
                activity.SetTag(TelemetryNames.ErrorType, error);
                activity.SetStatus(ActivityStatusCode.Error);
            }

            if (exchange.ErrorCode != 0)
            {
                activity.SetTag(TelemetryNames.StatusCode, CodeText(exchange.ErrorCode));
            }

            activity.Dispose();
        }
    }

    private void Record(McpExchange exchange, TimeSpan elapsed, string? error)
    {
        var tags = default(TagList);
        tags.Add(TelemetryNames.Method, MethodName(exchange));
        tags.Add(TelemetryNames.ProtocolVersion, exchange.Version.ToText());
        tags.Add(TelemetryNames.NetworkTransport, exchange.NetworkTransport);

        // Only names that the server knows: a caller must not be able to make series by inventing names. Addresses of resources are left out for the same reason.
        if (exchange is { ErrorCode: 0, Method: McpMethod.ToolsCall or McpMethod.PromptsGet } && Target(exchange) is { } target)
        {
            tags.Add(TargetTag(exchange.Method)!, target);
        }

        if (error is not null)
        {
            tags.Add(TelemetryNames.ErrorType, error);
        }

        source.Instruments.Duration.Record(elapsed.TotalSeconds, tags);
    }

    private RequestMeter MeterOf(RequestMeter?[] meters, McpMethod method) =>
        Volatile.Read(ref meters[(byte)method]) ?? (meters[(byte)method] = _metrics!.Meter("", MethodNames[(int)method]));

    private static RequestOutcome Outcome(McpExchange exchange, Exception? exception) => exchange.ErrorCode switch
    {
        _ when exception is not null => RequestOutcome.Error,
        _ when exchange.IsCancelled => RequestOutcome.Cancelled,
        0 => exchange.IsToolError ? RequestOutcome.ToolError : RequestOutcome.Ok,
        ErrorCodes.Overloaded or ErrorCodes.ResourceExhausted => RequestOutcome.Overloaded,
        ErrorCodes.TimedOut => RequestOutcome.TimedOut,
        ErrorCodes.Draining or ErrorCodes.NoHealthyServer => RequestOutcome.Unavailable,
        ErrorCodes.OutcomeUnknown => RequestOutcome.Unknown,
        ErrorCodes.ParseError or ErrorCodes.InvalidRequest or ErrorCodes.MethodNotFound or ErrorCodes.InvalidParams or ErrorCodes.ResourceNotFoundOfSessionEra or ErrorCodes.HeaderMismatch
            or ErrorCodes.MissingRequiredClientCapability or ErrorCodes.UnsupportedProtocolVersion or ErrorCodes.IdempotencyConflict => RequestOutcome.Invalid,
        _ => RequestOutcome.Error,
    };

    private static string? ErrorType(McpExchange exchange, Exception? exception) =>
        exception is not null ? exception.GetType().FullName
        : exchange.ErrorCode != 0 ? CodeText(exchange.ErrorCode)
        : exchange.IsToolError ? "tool_error"
        : null;

    private static string CodeText(int code) => code.ToString(CultureInfo.InvariantCulture);

    // OpenTelemetry's name for what is none of the known ones: a caller must not be able to make series by inventing methods.
    // Without Enum.GetValues and LINQ: over a value type both have to be compiled at every start (docs/performance.md, "Start").
    private static string[] NameMethods()
    {
        var names = new string[(int)McpMethod.NotificationsTasks + 1];
        names[(int)McpMethod.Unknown] = "_OTHER";
        for (var method = McpMethod.Unknown + 1; method <= McpMethod.NotificationsTasks; method++)
        {
            names[(int)method] = Encoding.UTF8.GetString(method.ToUtf8());
        }

        return names;
    }

    private static string MethodName(McpExchange exchange) => MethodNames[(int)exchange.Method];

    private static string? TargetTag(McpMethod method) => method switch
    {
        McpMethod.ToolsCall => TelemetryNames.ToolName,
        McpMethod.PromptsGet => TelemetryNames.PromptName,
        McpMethod.ResourcesRead or McpMethod.ResourcesSubscribe or McpMethod.ResourcesUnsubscribe => TelemetryNames.ResourceUri,
        _ => null,
    };

    private static string? Target(McpExchange exchange)
    {
        ref readonly var envelope = ref exchange.Envelope;
        var raw = exchange.Method switch
        {
            McpMethod.ToolsCall or McpMethod.PromptsGet => envelope.Name.Of(exchange.Body.Span),
            McpMethod.ResourcesRead or McpMethod.ResourcesSubscribe or McpMethod.ResourcesUnsubscribe => envelope.Uri.Of(exchange.Body.Span),
            _ => default,
        };
        return raw.Length <= 256 && JsonText.TryGetString(raw, out var target) ? target : null;
    }
}
