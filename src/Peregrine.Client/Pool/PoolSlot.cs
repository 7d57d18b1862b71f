using Peregrine.Client.Reliability;
using Peregrine.Execution.Balancing;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Pool;

/// <summary>One server of a pool: its client once there is one, and its health. Thread-safe.</summary>
internal sealed class PoolSlot : IAsyncDisposable
{
    private readonly PoolMember _member;
    private readonly PeregrineClientOptions _clientOptions;
    private readonly PoolOptions _options;
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private volatile PeregrineClient? _client;
    private bool _disposed;
    private long _requests;
    private long _failures;

    internal PoolSlot(int index, PoolMember member, PeregrineClientOptions clientOptions, PoolOptions options)
    {
        _member = member;
        _clientOptions = clientOptions;
        _options = options;
        Target = new BalancingTarget(index, member.Name, member.Weight, new TargetHealth(options.Health, clientOptions.TimeProvider));
        Target.Health.EjectNow();
    }

    internal BalancingTarget Target { get; }

    /// <summary>Its client; null before it was reached for the first time.</summary>
    internal PeregrineClient? Client => _client;

    internal PoolMemberStatus Status => new(
        _member.Name, _client is not null, !Target.Health.IsEjected, Target.InFlight, Interlocked.Read(ref _requests), Interlocked.Read(ref _failures), Math.Max(0, Target.Health.TotalEjections - 1));

    internal void NoteRequest() => Interlocked.Increment(ref _requests);

    /// <summary>Takes note of how a request, or a probe, ended.</summary>
    internal void NoteFailure(Exception exception)
    {
        var failure = FailureClassifier.Of(exception, out _);
        var isOverload = exception is McpTransportException { StatusCode: 429 };
        if (failure is FailureClass.NotRun or FailureClass.Broken && !isOverload)
        {
            Interlocked.Increment(ref _failures);
            if (exception is McpTransportException { Fault: TransportFault.ConnectFailed })
            {
                Target.Health.EjectNow();
            }

            Target.Health.Failed();
            return;
        }

        Target.Health.Undecided();
    }

    /// <summary>Makes a client where there is none, and readmits the server.</summary>
    internal async ValueTask<PeregrineClient> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_client is { } connected)
        {
            return connected;
        }

        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_client is null)
            {
                _client = await _member.ConnectAsync(_clientOptions, cancellationToken).ConfigureAwait(false);
                Target.Health.Succeeded();
            }

            return _client;
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Asks for a sign of life from time to time, until cancelled. Never fails.</summary>
    internal async Task WatchAsync(CancellationToken cancellationToken)
    {
        var seen = 0L;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(_options.ProbeInterval, _clientOptions.TimeProvider, cancellationToken).ConfigureAwait(false);
                var requests = Interlocked.Read(ref _requests);
                if (Target.Health.IsEjected || requests == seen)
                {
                    await ProbeAsync(cancellationToken).ConfigureAwait(false);
                }

                seen = requests;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                PoolLog.ProbeFailed(_clientOptions.Logger, _member.Name, exception.Message);
            }
        }
    }

    /// <summary>Asks for a sign of life, and connects first where that was not done yet.</summary>
    internal async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(_options.ProbeTimeout, _clientOptions.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        var wasEjected = Target.Health.IsEjected;
        try
        {
            if (_client is not { } client)
            {
                // Starting a server may take longer than a sign of life of one that runs; the client has a bound of its own for that.
                await ConnectAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await client.PingAsync(both.Token).ConfigureAwait(false);
            }

            Target.Health.Succeeded();
            if (wasEjected)
            {
                PoolLog.Readmitted(_clientOptions.Logger, _member.Name);
            }
        }
        catch (McpPeerException)
        {
            // It does not know the method, but it is alive.
            Target.Health.Succeeded();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Target.Health.Failed();
        }
        catch (PeregrineException exception)
        {
            NoteFailure(exception);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connecting.WaitAsync().ConfigureAwait(false);
        try
        {
            _disposed = true;
            if (_client is { } client)
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _connecting.Release();
        }
    }
}
