using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Evaluation;
using Peregrine.JsonSchema.Output;
using Peregrine.JsonSchema.Text;
using Peregrine.Protocol.Buffers;

namespace Peregrine.JsonSchema;

/// <summary>
/// A JSON Schema, compiled once, that validates UTF-8. Immutable: all threads may use one at the same time. Reads drafts 2020-12, 2019-09 and 7.
/// </summary>
/// <remarks>
/// Validating never throws because of the instance: bytes that are no JSON, or that are over a limit of the options, are invalid, and the error says why. A valid instance allocates
/// nothing once the thread's scratch memory has grown to it, unless its schema has a regular expression that .NET's engine must first warm to.
/// </remarks>
public sealed class JsonSchema
{
    private readonly CompiledSchema _schema;

    private JsonSchema(CompiledSchema schema) => _schema = schema;

    /// <summary>The options it was compiled with.</summary>
    public JsonSchemaOptions Options => _schema.Options;

    internal CompiledSchema Compiled => _schema;

    /// <summary>Number of schemas that it consists of, with everything it refers to.</summary>
    public int SubschemaCount => _schema.Subschemas;

    /// <summary>Compiles a schema.</summary>
    /// <param name="utf8">The schema; copied, so the memory may change afterwards.</param>
    /// <param name="options">Limits, draft and resolver; the defaults if null.</param>
    /// <exception cref="JsonSchemaException">The schema cannot be compiled; the message says where and why.</exception>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public static JsonSchema Compile(ReadOnlyMemory<byte> utf8, JsonSchemaOptions? options = null)
    {
        options ??= JsonSchemaOptions.Default;
        return options.Validate() is { Count: > 0 } faults
            ? throw new ArgumentException(string.Join(" ", faults), nameof(options))
            : new JsonSchema(SchemaCompiler.Compile(utf8.Span, options));
    }

    /// <summary>Whether an instance is valid. Stops at the first violation; the fastest way to ask.</summary>
    /// <param name="utf8">One JSON value; read during the call only.</param>
    public bool IsValid(ReadOnlySpan<byte> utf8)
    {
        var scratch = EvaluationScratch.Rent();
        var valid = utf8.Length <= Options.MaxInstanceLength
            && JsonTokenizer.Read(utf8, ref scratch.Tokens, Options.MaxDepth, out var count, out _) == JsonFault.None
            && new Evaluator(_schema, new JsonText(utf8, scratch.Tokens.AsSpan(0, count)), scratch, null).Run();
        scratch.Return();
        return valid;
    }

    /// <inheritdoc cref="IsValid(ReadOnlySpan{byte})"/>
    public bool IsValid(in ReadOnlySequence<byte> utf8)
    {
        if (utf8.IsSingleSegment)
        {
            return IsValid(utf8.FirstSpan);
        }

        if (utf8.Length > Options.MaxInstanceLength)
        {
            return false;
        }

        var buffer = Gather(utf8);
        var valid = IsValid(buffer.AsSpan(0, (int)utf8.Length));
        PooledArrays.Return(buffer);
        return valid;
    }

    /// <summary>Whether the value of a reader is valid. Copies the value into pooled memory; where its bytes are at hand, asking for them is cheaper.</summary>
    /// <param name="reader">
    /// Stands at a value's first token, at the name before it, or at the beginning; at the value's last token afterwards. What it lets through beyond RFC 8259 (comments, trailing commas) makes the value invalid.
    /// </param>
    /// <exception cref="JsonException">The reader meets what is no JSON, or ends within the value. It stands where it stood.</exception>
    public bool IsValid(ref Utf8JsonReader reader)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return IsValid(JsonMarshal.GetRawUtf8Value(value.RootElement));
    }

    /// <summary>Judges an instance and names its violations, with their places. Costs a valid instance no more than <see cref="IsValid(ReadOnlySpan{byte})"/>.</summary>
    /// <param name="utf8">One JSON value; read during the call only.</param>
    /// <param name="maxErrors">The most errors wanted, 1 or more; 1 for the first. At most, and by default, <see cref="JsonSchemaOptions.MaxErrors"/>.</param>
    public ValidationResult Validate(ReadOnlySpan<byte> utf8, int maxErrors = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxErrors);
        if (utf8.Length > Options.MaxInstanceLength)
        {
            return Refused(TooLong(utf8.Length));
        }

        var scratch = EvaluationScratch.Rent();
        var fault = JsonTokenizer.Read(utf8, ref scratch.Tokens, Options.MaxDepth, out var count, out var position);
        var result = fault == JsonFault.None
            ? Judge(new JsonText(utf8, scratch.Tokens.AsSpan(0, count)), scratch, Math.Min(maxErrors, Options.MaxErrors))
            : Refused("not JSON that is taken: " + JsonFaults.Describe(fault, utf8, position, Options.MaxDepth));
        scratch.Return();
        return result;
    }

    /// <inheritdoc cref="Validate(ReadOnlySpan{byte}, int)"/>
    public ValidationResult Validate(in ReadOnlySequence<byte> utf8, int maxErrors = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxErrors);
        if (utf8.IsSingleSegment)
        {
            return Validate(utf8.FirstSpan, maxErrors);
        }

        if (utf8.Length > Options.MaxInstanceLength)
        {
            return Refused(TooLong(utf8.Length));
        }

        var buffer = Gather(utf8);
        var result = Validate(buffer.AsSpan(0, (int)utf8.Length), maxErrors);
        PooledArrays.Return(buffer);
        return result;
    }

    /// <summary>Judges the value of a reader and names its violations.</summary>
    /// <inheritdoc cref="IsValid(ref Utf8JsonReader)"/>
    /// <param name="reader">As for <see cref="IsValid(ref Utf8JsonReader)"/>.</param>
    /// <param name="maxErrors">As for <see cref="Validate(ReadOnlySpan{byte}, int)"/>.</param>
    public ValidationResult Validate(ref Utf8JsonReader reader, int maxErrors = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxErrors);
        using var value = JsonDocument.ParseValue(ref reader);
        return Validate(JsonMarshal.GetRawUtf8Value(value.RootElement), maxErrors);
    }

    private ValidationResult Judge(scoped JsonText text, EvaluationScratch scratch, int maxErrors)
    {
        // Most instances are valid: only the others pay for the places and sentences.
        var evaluator = new Evaluator(_schema, text, scratch, null);
        if (evaluator.Run())
        {
            return ValidationResult.Valid;
        }

        var collector = new ErrorCollector(maxErrors);
        if (evaluator.GaveUp == GiveUpReason.None)
        {
            evaluator = new Evaluator(_schema, text, scratch, collector);
            evaluator.Run();
        }

        if (evaluator.GaveUp != GiveUpReason.None)
        {
            collector.AddFault(Describe(evaluator.GaveUp));
        }

        return collector.ToResult();
    }

    private string Describe(GiveUpReason reason) => reason switch
    {
        GiveUpReason.Pattern => $"could not be judged: a pattern needed more than {Options.PatternTimeout.TotalMilliseconds} ms ({nameof(JsonSchemaOptions.PatternTimeout)})",
        GiveUpReason.Stack => "could not be judged: schema and instance are nested too deeply for the stack",
        _ => string.Create(CultureInfo.InvariantCulture, $"could not be judged with {Options.MaxEvaluations} evaluations ({nameof(JsonSchemaOptions.MaxEvaluations)})"),
    };

    private string TooLong(long length) =>
        string.Create(CultureInfo.InvariantCulture, $"has {length} bytes; at most {Options.MaxInstanceLength} are taken ({nameof(JsonSchemaOptions.MaxInstanceLength)})");

    private static ValidationResult Refused(string sentence)
    {
        var collector = new ErrorCollector(1);
        collector.AddFault(sentence);
        return collector.ToResult();
    }

    private static byte[] Gather(in ReadOnlySequence<byte> utf8)
    {
        var buffer = PooledArrays.Rent<byte>((int)utf8.Length);
        utf8.CopyTo(buffer);
        return buffer;
    }
}
