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
/// everything again, and what it may have changed meanwhile counts as updated. Thread-safe.
/// </summary>
/// <param name="conversation">What the gateway says to upstreams.</param>
/// <param name="time">The clock.</param>
/// <param name="updated">Takes the URI of a resource that may have been updated while nobody told.</param>
internal sealed class WatchedResources(UpstreamConversation conversation, TimeProvider time, Action<string> updated)
{
    // A server that does not acknowledge must not keep further subscriptions waiting for ever.
    private static readonly TimeSpan AcknowledgePatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _watchers = new(StringComparer.Ordinal);
    private ImmutableHashSet<string> _wanted = [];
    private TaskCompletionSource _change = NewSource();
    private TaskCompletionSource _told = Completed();

    // What the upstream was told of last.
    private ImmutableHashSet<string> _known = [];

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
    internal Task RunAsync(UpstreamSession session, CancellationToken cancellationToken) =>
        session.Era == ProtocolEra.Session ? SubscribeAsync(session, cancellationToken) : ListenAsync(session, cancellationToken);

    // Session era: a request for each resource.
    private async Task SubscribeAsync(UpstreamSession session, CancellationToken cancellationToken)
    {
        var known = ImmutableHashSet<string>.Empty;
        var missed = _known;
        while (!cancellationToken.IsCancellationRequested)
        {
            var (wanted, changed, told) = Take();
            await SubscribeAsync(session.Client, known, wanted, cancellationToken).ConfigureAwait(false);
            known = wanted;
            NoteTold(wanted, ref missed, told);
            await changed.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Stateless era: one request for lists and all resources, which stays open until the upstream ends it.
    private async Task ListenAsync(UpstreamSession session, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(BackOff.OfProcesses);
        var known = ImmutableHashSet<string>.Empty;
        var missed = _known;
        var isLost = false;
        UpstreamListen? listening = null;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var (wanted, changed, told) = Take();
                if (listening is null || isLost || !wanted.SetEquals(known))
                {
                    // The new stream is acknowledged before the old one is given up, so that no change falls between the two.
                    var next = conversation.Listen(session, wanted);
                    await next.Acknowledged.WaitAsync(AcknowledgePatience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    await EndAsync(listening).ConfigureAwait(false);
                    if (next.WasAcknowledged && (listening is null || isLost))
                    {
                        session.Handler.NoteNotTold();
                    }

                    (listening, known, isLost) = (next, wanted, false);
                }

                var started = time.GetTimestamp();
                NoteTold(wanted, ref missed, told);
                await ((Task)Task.WhenAny(changed, listening.Ended)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (listening.Ended.IsCompleted && !cancellationToken.IsCancellationRequested)
                {
                    isLost = await MayListenAgainAsync(session, await listening.Ended.ConfigureAwait(false), time.GetElapsedTime(started), backOff, changed, cancellationToken).ConfigureAwait(false);
                    missed = isLost ? known : missed;
                }
            }
        }
        finally
        {
            await EndAsync(listening).ConfigureAwait(false);
        }
    }

    // True where a stream that has ended is to be opened again, when the time for that has come; what has changed meanwhile nobody tells. Else ends when something else is wanted.
    private async ValueTask<bool> MayListenAgainAsync(UpstreamSession session, ListenEnd end, TimeSpan life, BackOff backOff, Task changed, CancellationToken cancellationToken)
    {
        if (end == ListenEnd.Ended)
        {
            backOff.NoteLife(life);
            await Task.Delay(backOff.Next(), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        }

        if (end == ListenEnd.Unreachable)
        {
            // Whoever calls meanwhile would find the same.
            session.Break("It is away: it could not be asked to tell of changes.");
        }

        await changed.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return false;
    }

    // Between the end of one session or stream and the beginning of the next, nobody has told of updates.
    private void Assume(IEnumerable<string> uris)
    {
        foreach (var uri in uris)
        {
            updated(uri);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Completed()
    {
        var source = NewSource();
        source.SetResult();
        return source;
    }

    private static ValueTask EndAsync(UpstreamListen? listening) => listening?.DisposeAsync() ?? default;

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

    // Where more is wanted by now, who waits waits for that.
    private void NoteTold(ImmutableHashSet<string> wanted, ref ImmutableHashSet<string> missed, TaskCompletionSource told)
    {
        _known = wanted;
        Assume(missed.Intersect(wanted));
        missed = [];
        lock (_gate)
        {
            if (ReferenceEquals(wanted, _wanted))
            {
                told.TrySetResult();
            }
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
