using System.Collections.Immutable;
using Peregrine.Client;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// Which resources of one upstream are to be watched, and the loop that tells the upstream so: one subscription there stands for all clients here. A new session of the upstream is told
/// everything again. Thread-safe.
/// </summary>
internal sealed class WatchedResources(UpstreamConversation conversation)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _watchers = new(StringComparer.Ordinal);
    private ImmutableHashSet<string> _wanted = [];
    private TaskCompletionSource _change = NewSource();
    private TaskCompletionSource _told = Completed();

    /// <summary>What is to be watched.</summary>
    internal ImmutableHashSet<string> Wanted => Volatile.Read(ref _wanted);

    /// <summary>Adds or removes a resource.</summary>
    internal void Set(string uri, bool wanted)
    {
        lock (_gate)
        {
            // Each virtual server watches for itself.
            var watchers = _watchers.GetValueOrDefault(uri) + (wanted ? 1 : -1);
            if (watchers > 0)
            {
                _watchers[uri] = watchers;
            }
            else
            {
                _watchers.Remove(uri);
            }

            var next = watchers > 0 ? _wanted.Add(uri) : _wanted.Remove(uri);
            if (ReferenceEquals(next, _wanted))
            {
                return;
            }

            Volatile.Write(ref _wanted, next);
            if (_told.Task.IsCompleted)
            {
                _told = NewSource();
            }

            _change.TrySetResult();
        }
    }

    /// <summary>Ends when the upstream has been told of all that is wanted now, or could not be.</summary>
    internal Task ToldAsync()
    {
        lock (_gate)
        {
            return _told.Task;
        }
    }

    /// <summary>Tells one session of the upstream, until it ends. Never fails.</summary>
    internal async Task RunAsync(UpstreamSession session, CancellationToken cancellationToken)
    {
        var known = ImmutableHashSet<string>.Empty;
        CancellationTokenSource? listening = null;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var (wanted, changed, told) = Take();
                if (session.Era == ProtocolEra.Session)
                {
                    await SubscribeAsync(session.Client, known, wanted, cancellationToken).ConfigureAwait(false);
                }
                else if (listening is null || !wanted.SetEquals(known))
                {
                    // The new stream is asked for before the old one is given up, so that no change falls between the two.
                    var next = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
                    _ = conversation.ListenAsync(session, wanted, next.Token);
                    await End(listening).ConfigureAwait(false);
                    listening = next;
                }

                known = wanted;
                told.TrySetResult();
                await changed.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            await End(listening).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Completed()
    {
        var source = NewSource();
        source.SetResult();
        return source;
    }

    private static async ValueTask End(CancellationTokenSource? listening)
    {
        if (listening is not null)
        {
            await listening.CancelAsync().ConfigureAwait(false);
            listening.Dispose();
        }
    }

    private static async ValueTask SubscribeAsync(PeregrineClient client, ImmutableHashSet<string> known, ImmutableHashSet<string> wanted, CancellationToken cancellationToken)
    {
        foreach (var uri in wanted.Except(known))
        {
            await SendAsync(client, McpMethod.ResourcesSubscribe, uri, cancellationToken).ConfigureAwait(false);
        }

        foreach (var uri in known.Except(wanted))
        {
            await SendAsync(client, McpMethod.ResourcesUnsubscribe, uri, cancellationToken).ConfigureAwait(false);
        }
    }

    // A server may refuse: it has no subscriptions, or the resource is gone. Then its clients are told of no updates, which is what the server offers.
    private static async ValueTask SendAsync(PeregrineClient client, McpMethod method, string uri, CancellationToken cancellationToken)
    {
        using var parameters = new PooledByteWriter(256);
        parameters.Write("{\"uri\":"u8);
        JsonStringWriter.WriteString(parameters, uri.AsSpan());
        parameters.WriteByte((byte)'}');
        try
        {
            using var reply = await client.SendRequestAsync(method.ToUtf8(), parameters.WrittenSpan, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is PeregrineException or OperationCanceledException)
        {
            // A session that is gone is begun anew, and then told again.
        }
    }

    private (ImmutableHashSet<string> Wanted, Task Changed, TaskCompletionSource Told) Take()
    {
        lock (_gate)
        {
            if (_change.Task.IsCompleted)
            {
                _change = NewSource();
            }

            return (_wanted, _change.Task, _told);
        }
    }
}
