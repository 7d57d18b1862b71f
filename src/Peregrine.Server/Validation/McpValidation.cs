using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Peregrine.JsonSchema;
using Peregrine.Observability.Metrics;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;
using Schema = Peregrine.JsonSchema.JsonSchema;

namespace Peregrine.Server.Validation;

/// <summary>
/// Holds arguments and results of a server's tools against their schemas. Schemas compile when they are first needed, or in the background a second after the first client has listed the tools; one that
/// cannot be compiled is named in the log (event 1401), and calls that need it are refused. Thread-safe.
/// </summary>
public sealed class McpValidation
{
    // Takes what was found to be an object before.
    private static readonly byte[] AnyObject = "{\"type\":\"object\"}"u8.ToArray();

    private readonly PeregrineServer _server;
    private readonly ToolInvoker _invoker;
    private SchemaCache? _cache;
    private readonly SchemaPreparation _preparation;
    private readonly ValidationMeter _meter = new();
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly int _maxErrors;
    private volatile bool _checksArguments;
    private volatile bool _checksResults;

    internal McpValidation(PeregrineServer server, ToolInvoker invoker, IWorkScheduler scheduler)
    {
        var options = server.Options.Validation;
        _server = server;
        _invoker = invoker;
        _time = server.Options.TimeProvider;
        _preparation = new SchemaPreparation(scheduler, _time);
        _logger = server.Loggers.CreateLogger("Peregrine.Server.Validation");
        _maxErrors = options.MaxErrors;
        _checksArguments = options.CheckArguments;
        _checksResults = options.CheckResults == McpResultCheck.Always || (options.CheckResults == McpResultCheck.InDevelopment && IsDevelopment);
    }

    /// <summary>Whether arguments are checked by schemas. May be switched while calls run; holds for those that begin afterwards.</summary>
    /// <value><see cref="McpValidationOptions.CheckArguments"/>.</value>
    public bool ChecksArguments
    {
        get => _checksArguments;
        set => _checksArguments = value;
    }

    /// <summary>Whether structured results are checked by schemas. May be switched while calls run; holds for those that begin afterwards.</summary>
    /// <value>As <see cref="McpValidationOptions.CheckResults"/> says.</value>
    public bool ChecksResults
    {
        get => _checksResults;
        set => _checksResults = value;
    }

    /// <summary>What was done so far. The numbers are read one after the other while others may count.</summary>
    public McpValidationCounts Counts
    {
        get
        {
            var cache = Cache.Counts;
            return new McpValidationCounts(_meter.Arguments.Value, _meter.RefusedArguments.Value, _meter.Results.Value, _meter.BrokenResults.Value,
                _meter.SchemaUses.Value + cache.Hits, cache.Misses);
        }
    }

    /// <summary>How long validating the arguments of a call took. Timed from the first time on that this is asked for, as it is by mapping <c>/metrics</c>.</summary>
    public LatencySnapshot Durations => _meter.Time().Read();

    // Made by the first schema, for what compiles schemas need not be loaded while a server starts.
    internal SchemaCache Cache => Volatile.Read(ref _cache) ?? Interlocked.CompareExchange(ref _cache, new SchemaCache(_server.Options.Validation.Schemas), null) ?? _cache;

    // What a host sets for the whole process: a server without host has no other sign.
    private static bool IsDevelopment =>
        string.Equals(Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"), "Development", StringComparison.OrdinalIgnoreCase);

    /// <summary>Compiles the schemas of all tools now, for tests and for servers that rather fail when they start.</summary>
    /// <returns>For each that cannot be compiled which one it is and why.</returns>
    public IReadOnlyList<string> CompileSchemas()
    {
        List<string> faults = [];
        foreach (var tool in _server.Registry.Current.Contents.Tools.AsSpan())
        {
            Compile(tool.Definition.Name, "input", tool.Definition.InputSchema, faults);
            Compile(tool.Definition.Name, "output", tool.Definition.OutputSchema, faults);
        }

        return faults;
    }

    /// <summary>Writes <see cref="MetricNames.Validations"/>, <see cref="MetricNames.ValidationDuration"/> and <see cref="MetricNames.CompiledSchemas"/>.</summary>
    public void WriteTo(PrometheusTextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ValidationMeter.Write(writer, Counts, Durations);
    }

    /// <summary>Makes the step that a tool's calls pass; null where nothing is to be checked.</summary>
    internal CallStep? StepFor(McpToolHandler tool)
    {
        var definition = tool.Definition;
        var input = tool.BindsArguments || definition.InputSchema.Span.SequenceEqual(AnyObject) ? null : SchemaOf(definition.Name, "input", definition.InputSchema);
        var output = definition.OutputSchema.IsEmpty ? null : SchemaOf(definition.Name, "output", definition.OutputSchema);
        if (input is not null)
        {
            _preparation.Add(input);
        }

        if (output is not null && _checksResults)
        {
            _preparation.Add(output);
        }

        return input is null && output is null ? null : new ValidationStep(this, input, output);
    }

    /// <summary>Notes that a client has come: schemas may compile soon.</summary>
    internal void Begin() => _preparation.Begin();

    /// <summary>Judges the arguments of a call.</summary>
    /// <returns>False where the call was answered.</returns>
    internal bool TryAccept(McpToolHandler tool, McpExchange exchange, ToolSchema schema)
    {
        var durations = _meter.Durations;
        var started = durations is null ? 0 : _time.GetTimestamp();
        if (!schema.TryGet(out var compiled))
        {
            exchange.Fail(ErrorCodes.InternalError,
                $"The tool \"{tool.Definition.Name}\" cannot be called: its input schema cannot be compiled, which only the server's author can mend. {schema.Fault}");
            return false;
        }

        _meter.Arguments.Increment();
        var result = compiled.Validate(ArgumentsOf(exchange), _maxErrors);
        durations?.Record(_time.GetElapsedTime(started));
        if (result.IsValid)
        {
            return true;
        }

        _meter.RefusedArguments.Increment();
        ArgumentRefusal.Answer(exchange, _server, Violations.Describe(tool.Definition.Name, result));
        return false;
    }

    /// <summary>Names every violation of arguments that a binder has refused.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="first">The violation that the binder has stopped at.</param>
    internal string Explain(McpExchange exchange, string first)
    {
        if (ToolOf(exchange) is not { } tool)
        {
            return first;
        }

        if (tool.BindsArguments)
        {
            // The others were counted when their schema took the arguments.
            _meter.Arguments.Increment();
            _meter.RefusedArguments.Increment();
        }

        return _checksArguments && TryCompile(tool.Definition.InputSchema, out var schema, out _) ? Violations.DescribeBehind(first, schema.Validate(ArgumentsOf(exchange), _maxErrors)) : first;
    }

    /// <summary>Judges a result that was written and not yet sent.</summary>
    internal void CheckResult(McpToolHandler tool, McpExchange exchange, ToolSchema schema)
    {
        if (!StructuredResult.TryFind(exchange, out var content))
        {
            return;
        }

        _meter.Results.Increment();
        var violations = content.IsEmpty ? "the result has no structuredContent"
            : !schema.TryGet(out var compiled) ? $"the schema cannot be compiled: {schema.Fault}"
            : compiled.Validate(content, _maxErrors).ToString().ReplaceLineEndings("; ");
        if (violations.Length == 0)
        {
            return;
        }

        _meter.BrokenResults.Increment();
        var failure = _invoker.NumberFailure();
        ValidationLog.ResultBroken(_logger, tool.Definition.Name, failure, violations);
        ToolResultWriter.WriteToolError(exchange, _server,
            $"The tool \"{tool.Definition.Name}\" has run, but its result breaks its output schema and was held back. The server's log has the details under failure {failure}.");
    }

    private void Compile(string tool, string kind, ReadOnlyMemory<byte> text, List<string> faults)
    {
        if (!text.IsEmpty && !TryCompile(text, out _, out var fault))
        {
            faults.Add($"The {kind} schema of the tool \"{tool}\" cannot be compiled. {fault}");
        }
    }

    private bool TryCompile(ReadOnlyMemory<byte> text, [NotNullWhen(true)] out Schema? schema, out string? fault)
    {
        var tried = SchemaCompiling.Try(Cache, text);
        (schema, fault) = tried;
        return schema is not null;
    }

    private static ReadOnlySpan<byte> ArgumentsOf(McpExchange exchange)
    {
        var arguments = exchange.Envelope.Arguments;
        return arguments.IsPresent ? arguments.Of(exchange.Body.Span) : "{}"u8;
    }

    private ToolSchema SchemaOf(string tool, string kind, ReadOnlyMemory<byte> text) => new(tool, kind, text, this, _meter.SchemaUses, _logger);

    private McpToolHandler? ToolOf(McpExchange exchange)
    {
        Span<byte> buffer = stackalloc byte[256];
        return exchange.Method == McpMethod.ToolsCall && JsonText.TryGetContent(exchange.Envelope.Name.Of(exchange.Body.Span), buffer, out var name)
            ? _server.Registry.Current.FindTool(name)?.Handler
            : null;
    }
}
