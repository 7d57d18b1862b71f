using Peregrine.Client;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;
using Peregrine.Transport.Processes;

namespace Peregrine.Gateway.Upstreams;

/// <summary>One life of the connection to an upstream, from the handshake to its end. Thread-safe.</summary>
internal sealed class UpstreamSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource<string> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the session itself, and one for each call.
    private int _users = 1;

    internal UpstreamSession(PeregrineClient client, UpstreamHandler handler)
    {
        Client = client;
        Handler = handler;
        Ending = _ending.Token;
        IsHttp = client.Connection is HttpConnection;
        OnNotification = IsHttp ? handler.OnShared : null;
        Ended = Task.WhenAny(client.Connection.Completion, _broken.Task);
    }

    /// <summary>The client, for what the gateway itself asks.</summary>
    internal PeregrineClient Client { get; }

    /// <summary>The connection, for what it forwards; its version tells the era.</summary>
    internal McpConnection Connection => Client.Connection;

    /// <summary>Takes what the upstream sends outside its replies.</summary>
    internal UpstreamHandler Handler { get; }

    /// <summary>The process behind the connection; null where there is none.</summary>
    internal ProcessConnection? Process => Connection as ProcessConnection;

    internal ProtocolEra Era => Client.Era;

    /// <summary>True where each call has a stream of its own, which says whose the messages on it are.</summary>
    internal bool IsHttp { get; }

    /// <summary>Takes what comes on the stream of a call that passes nothing on; null where calls have no streams.</summary>
    internal NotificationCallback? OnNotification { get; }

    /// <summary>True where a call can go on as it came: over HTTP, in the stateless era, it has nothing in common with others.</summary>
    internal bool TakesUnread => WantsHeaders;

    /// <summary>True where calls repeat annotated arguments in headers: over HTTP, in the stateless era.</summary>
    internal bool WantsHeaders => IsHttp && Era == ProtocolEra.Stateless;

    /// <summary>True where the server says that it has resources.</summary>
    internal bool OffersResources => Offers(OfferKind.Resource);

    /// <summary>True where the server says that it has things of this kind. One that says nothing at all of itself is asked.</summary>
    internal bool Offers(OfferKind kind)
    {
        var capabilities = Client.ServerCapabilities.Span;
        return capabilities.IsEmpty || OfferedCapabilities.Has(capabilities, kind switch
        {
            OfferKind.Tool => "tools"u8,
            OfferKind.Prompt => "prompts"u8,
            _ => "resources"u8,
        });
    }

    /// <summary>Answers what the server asks on a call's own stream; null where calls have none.</summary>
    internal RequestCallback? ResponderFor(CallRelay? relay) =>
        !IsHttp || Era != ProtocolEra.Session ? null : relay is { TakesQuestions: true } ? relay.AskAsync : UpstreamHandler.Refuse;

    /// <summary>True where nothing a server sends can belong to a call but what comes on the call's own stream: then nobody has to know which calls there are.</summary>
    private bool IsToldApart => IsHttp && Era == ProtocolEra.Stateless;

    /// <summary>A call begins. What the server sends beside the replies is handed to the call it can belong to.</summary>
    internal void Begin(CallRelay? relay)
    {
        Interlocked.Increment(ref _users);
        if (relay is not null)
        {
            relay.Others = OnNotification;
            if (!IsToldApart)
            {
                Handler.Enter(relay);
            }
        }
        else if (Era == ProtocolEra.Session)
        {
            Handler.CountSilent(1);
        }
    }

    /// <summary>It has ended.</summary>
    internal void End(CallRelay? relay)
    {
        Release();
        if (relay is not null)
        {
            if (!IsToldApart)
            {
                Handler.Leave(relay);
            }
        }
        else if (Era == ProtocolEra.Session)
        {
            Handler.CountSilent(-1);
        }
    }

    /// <summary>Fires when the session is closed: ends the requests that live as long as it. May be asked for after that, too, by who has not heard of the end yet.</summary>
    internal CancellationToken Ending { get; }

    /// <summary>Ends when the session is no longer of use: the connection ended, or a call found it lost.</summary>
    internal Task Ended { get; }

    /// <summary>Reports that a call found the session lost.</summary>
    internal void Break(string reason) => _broken.TrySetResult(reason);

    /// <summary>Why the session ended, for people.</summary>
    internal async Task<string> DescribeEndAsync()
    {
        if (_broken.Task.IsCompleted)
        {
            return await _broken.Task.ConfigureAwait(false);
        }

        if (Process is not { } process)
        {
            return "The connection ended.";
        }

        // The process is gone or as good as gone: its output has ended. What keeps it is not worth waiting for.
        var exited = process.Exited.IsCompleted;
        var how = exited ? (await process.Exited.ConfigureAwait(false)).ToString() : "closed its standard output";
        return $"The process {how}.";
    }

    /// <summary>True where other calls may still be answered although one has found the session lost: each has a connection of its own.</summary>
    internal bool MayLinger => IsHttp && Volatile.Read(ref _users) > 1;

    /// <summary>Closes the session when its calls have ended, or after so long, or at once when <paramref name="stopping"/> fires. Never fails.</summary>
    internal async Task LingerAsync(TimeSpan longest, TimeProvider time, CancellationToken stopping)
    {
        Release();
        await _idle.Task.WaitAsync(longest, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await Client.DisposeAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
