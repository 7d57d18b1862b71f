using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Peregrine.Client.Pipeline;
using Peregrine.Execution.Resilience;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Reliability;

/// <summary>The step that tries again, hedges, breaks and bounds, and knows afterwards what happened. Thread-safe.</summary>
internal sealed class ReliabilityStep : RequestPipeline, IDisposable
{
    // Policies that calls bring along; beyond this many they are made anew for each call that fails.
    private const int MaxKeptRunners = 64;

    private readonly RequestPipeline _next;
    private readonly ReliabilityOptions _options;
    private readonly TimeProvider _time;
    private readonly SeededRandom _random;
    private readonly RetryBudget? _budget;
    private readonly AttemptPolicy<McpReply> _policy;
    private readonly RetryRunner<McpReply>? _retry;
    private readonly ConcurrentDictionary<RetryOptions, RetryRunner<McpReply>> _runners = new();

    internal ReliabilityStep(RequestPipeline next, ReliabilityOptions options, TimeProvider time)
    {
        _next = next;
        _options = options;
        _time = time;
        _random = options.Seed is { } seed ? new SeededRandom(unchecked((ulong)seed)) : SeededRandom.Create();
        _budget = options.RetryBudget is null ? null : new RetryBudget(options.RetryBudget, time);
        var guard = options.Hedging is null && options.Breaker is null && options.Bulkhead is null
            ? null
            : new AttemptGuard<McpReply>(options.Hedging, options.Breaker, options.Bulkhead, _budget, time);
        _policy = new AttemptPolicy<McpReply>(guard, _budget);
        _retry = options.Retry.MaxAttempts > 1 ? new RetryRunner<McpReply>(options.Retry, _budget, _random, time) : null;
    }

    internal override ValueTask<McpReply> SendAsync(ClientRequest request, CancellationToken cancellationToken)
    {
        if (request.State is not CallRecord record)
        {
            record = new CallRecord(_next, request);
            request.State = record;
            Prepare(request, record);
        }

        record.BeginRound();
        var whole = record.WholeTimeout ?? (request.MaxTimeout > request.Timeout ? request.MaxTimeout : request.Timeout);
        var deadline = whole > TimeSpan.Zero ? _time.GetTimestamp() + (long)(whole.TotalSeconds * _time.TimestampFrequency) : 0;
        var hedge = _options.Hedging is not null && request.Safety == RequestSafety.ReadOnly;
        return ExplainAsync(request, record, _policy.RunAsync(record, RunnerOf(request), hedge, deadline, cancellationToken));
    }

    public void Dispose() => _policy.Dispose();

    private void Prepare(ClientRequest request, CallRecord record)
    {
        var options = request.Options;
        if ((options?.Retry ?? _options.Retry).AttemptTimeout is { } attempt && (request.Timeout == TimeSpan.Zero || attempt < request.Timeout))
        {
            record.WholeTimeout = request.Timeout;
            request.Timeout = attempt;
        }

        if (request.Method != McpMethod.ToolsCall)
        {
            return;
        }

        request.MaxTimeout = options?.MaxTimeout ?? _options.MaxRequestTimeout;
        if (request.Safety == RequestSafety.Unknown)
        {
            request.Safety = options is { ReadOnly: true } ? RequestSafety.ReadOnly
                : options is { Idempotent: true } ? RequestSafety.Idempotent
                : _options.TrustHints ? request.Tool?.Safety ?? RequestSafety.Unknown : RequestSafety.Unknown;
        }

        if (_options.UseTransactions && KeyOf(request) is { } key)
        {
            record.Transaction = new Transaction(key, NewId(), _time.GetUtcNow(), request.Meta);
        }
    }

    private string? KeyOf(ClientRequest request) =>
        request.Options?.IdempotencyKey
        ?? (_options.Keys == KeyPolicy.EveryCall && request.Safety == RequestSafety.Unknown ? Base64Url.EncodeToString(NewBytes(stackalloc byte[16])) : null);

    private Guid NewId()
    {
        var bytes = NewBytes(stackalloc byte[16]);

        // Version 4, variant 1: what RFC 9562 wants of random numbers.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    // Keys must not be guessed by others, so they come from the system unless a simulation wants them repeated.
    private Span<byte> NewBytes(Span<byte> bytes)
    {
        if (_options.Seed is null)
        {
            RandomNumberGenerator.Fill(bytes);
            return bytes;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _random.Next());
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], _random.Next());
        return bytes;
    }

    private RetryRunner<McpReply>? RunnerOf(ClientRequest request)
    {
        if (request.Options?.Retry is not { } options)
        {
            return _retry;
        }

        if (options.MaxAttempts == 1)
        {
            return null;
        }

        if (_runners.TryGetValue(options, out var runner))
        {
            return runner;
        }

        runner = new RetryRunner<McpReply>(options, _budget, _random, _time);
        return _runners.Count < MaxKeptRunners ? _runners.GetOrAdd(options, runner) : runner;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<McpReply> ExplainAsync(ClientRequest request, CallRecord record, ValueTask<McpReply> sending)
    {
        try
        {
            return await sending.ConfigureAwait(false);
        }
        catch (RefusedException exception)
        {
            throw OutcomeReport.With(Refused(exception), record, request);
        }
        catch (McpTransportException exception) when (!exception.MayHaveRun && record.MayHaveRun)
        {
            throw OutcomeReport.With(AfterOneThatMayHaveRun(exception), record, request);
        }
        catch (Exception exception) when (OutcomeReport.Attach(exception, record, request))
        {
            throw;
        }
    }

    private static CallNotSentException Refused(RefusedException exception) => exception.Reason == RefusalReason.BulkheadFull
        ? new CallNotSentException(ErrorCodes.Overloaded, "As many calls are in flight and waiting as may (Reliability.Bulkhead): send fewer at once, or raise it.", exception)
        : new CallNotSentException(ErrorCodes.NoHealthyServer, "Too many of the last calls failed, so this one was not sent (Reliability.Breaker): try later.", exception)
        {
            RetryAfter = exception.RetryAfter,
        };

    private static McpTransportException AfterOneThatMayHaveRun(McpTransportException last) =>
        new(last.Fault, last.Message + " An earlier attempt may have run.", mayHaveRun: true, last)
        {
            StatusCode = last.StatusCode,
            RetryAfter = last.RetryAfter,
            Challenge = last.Challenge,
        };
}
