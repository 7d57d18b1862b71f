using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Peregrine.Observability.Metrics;
using Schema = Peregrine.JsonSchema.JsonSchema;

namespace Peregrine.Server.Validation;

/// <summary>One schema of a tool, compiled when it is first needed. Thread-safe.</summary>
/// <param name="tool">The tool's name.</param>
/// <param name="kind">Which of its schemas: input or output.</param>
/// <param name="text">The schema, UTF-8.</param>
/// <param name="validation">Has the cache that compiles, or has done so for another tool with the same schema.</param>
/// <param name="uses">Counts how often the compiled schema was at hand.</param>
/// <param name="logger">Is told where the schema cannot be compiled.</param>
internal sealed class ToolSchema(string tool, string kind, ReadOnlyMemory<byte> text, McpValidation validation, StripedCounter uses, ILogger logger)
{
    private Schema? _compiled;
    private string? _fault;

    /// <summary>Why it cannot be compiled; null where it can be, or nobody has tried.</summary>
    internal string? Fault => Volatile.Read(ref _fault);

    /// <summary>Gives the compiled schema; a hit costs a read.</summary>
    /// <returns>False where it cannot be compiled: <see cref="Fault"/> says why, and so does the log, once.</returns>
    internal bool TryGet([NotNullWhen(true)] out Schema? schema)
    {
        schema = Volatile.Read(ref _compiled);
        if (schema is not null)
        {
            uses.Increment();
            return true;
        }

        return Fault is null && TryCompile(out schema);
    }

    private bool TryCompile([NotNullWhen(true)] out Schema? schema)
    {
        (schema, var fault) = SchemaCompiling.Try(validation.Cache, text);
        if (schema is not null)
        {
            Volatile.Write(ref _compiled, schema);
            return true;
        }

        if (Interlocked.CompareExchange(ref _fault, fault, null) is null)
        {
            ValidationLog.NotCompiled(logger, kind, tool, fault!);
        }

        return false;
    }
}
