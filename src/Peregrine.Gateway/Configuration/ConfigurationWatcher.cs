using System.Collections.Immutable;

namespace Peregrine.Gateway.Configuration;

/// <summary>
/// Looks at a configuration file again and again, and reads it when it has changed and then stayed the same for one look: editors write files in pieces. By content, since a
/// file may be replaced by another with an older time. Thread-safe.
/// </summary>
public sealed class ConfigurationWatcher : IDisposable
{
    private readonly string _path;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _poke = new(0, 1);

    /// <summary>Makes a watcher; nothing is read before <see cref="RunAsync"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="interval">How often to look; more than zero. Null for once a second.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public ConfigurationWatcher(string path, TimeSpan? interval = null, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _interval = interval ?? TimeSpan.FromSeconds(1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_interval, TimeSpan.Zero, nameof(interval));
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Has the file read at once, whether or not it has changed (SIGHUP does so).</summary>
    public void Poke()
    {
        try
        {
            _poke.Release();
        }
        catch (SemaphoreFullException)
        {
            // It was asked for already.
        }
    }

    /// <summary>Watches until cancelled. Never fails for what is in the file, or because it is not there for a while.</summary>
    /// <param name="changed">Takes each new content, read and judged; one at a time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Func<ConfigurationResult, ValueTask> changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var known = await GatewayConfigurationReader.TryReadBytesAsync(_path, cancellationToken).ConfigureAwait(false) ?? [];
        ImmutableArray<byte>? candidate = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            var poked = await WaitAsync(cancellationToken).ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested || await GatewayConfigurationReader.TryReadBytesAsync(_path, cancellationToken).ConfigureAwait(false) is not { } seen)
            {
                continue;
            }

            if (!poked && seen.AsSpan().SequenceEqual(known.AsSpan()))
            {
                candidate = null;
            }
            else if (poked || (candidate is { } before && before.AsSpan().SequenceEqual(seen.AsSpan())))
            {
                (known, candidate) = (seen, null);
                await changed(GatewayConfigurationReader.Read(seen.AsSpan(), _path, Environment.GetEnvironmentVariable)).ConfigureAwait(false);
            }
            else
            {
                candidate = seen;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _poke.Dispose();

    // True where somebody asked, false where the time has passed.
    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var poked = _poke.WaitAsync(waiting.Token);
        await Task.WhenAny(poked, Task.Delay(_interval, _time, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        await poked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return poked.IsCompletedSuccessfully;
    }
}
