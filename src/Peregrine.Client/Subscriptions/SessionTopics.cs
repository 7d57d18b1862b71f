using Peregrine.Client.Connecting;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Subscriptions;

/// <summary>The resources that a client's subscriptions watch in the session era: the server is told of the first that begins and of the last that ends. Thread-safe.</summary>
internal sealed class SessionTopics
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private Conversation? _conversation;
    private Task _last = Task.CompletedTask;

    internal Task EnterAsync(Conversation conversation, string uri, TimeSpan timeout, CancellationToken cancellationToken) =>
        InTurn(() => EnterCoreAsync(conversation, uri, timeout, cancellationToken));

    /// <summary>The contrary. Never fails: where the server cannot be told, it will find out by itself.</summary>
    internal Task LeaveAsync(Conversation conversation, string uri, TimeSpan timeout) => InTurn(() => LeaveCoreAsync(conversation, uri, timeout));

    // One after the other: a subscription that begins while the last one ends must not be ended with it.
    private Task InTurn(Func<Task> work)
    {
        lock (_gate)
        {
            return _last = AfterAsync(_last, work);
        }

        static async Task AfterAsync(Task before, Func<Task> work)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await work().ConfigureAwait(false);
        }
    }

    private async Task EnterCoreAsync(Conversation conversation, string uri, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(_conversation, conversation))
        {
            // What was subscribed to before went with that conversation.
            _conversation = conversation;
            _counts.Clear();
        }

        if (_counts.GetValueOrDefault(uri) == 0)
        {
            using var reply = await SendAsync(conversation, "resources/subscribe"u8, uri, timeout, cancellationToken).ConfigureAwait(false);
            reply.ThrowIfError();
        }

        _counts[uri] = _counts.GetValueOrDefault(uri) + 1;
    }

    private async Task LeaveCoreAsync(Conversation conversation, string uri, TimeSpan timeout)
    {
        if (!ReferenceEquals(_conversation, conversation) || !_counts.TryGetValue(uri, out var count))
        {
            return;
        }

        _counts[uri] = count - 1;
        if (count > 1)
        {
            return;
        }

        _counts.Remove(uri);
        if (conversation.IsLost)
        {
            return;
        }

        try
        {
            using var reply = await SendAsync(conversation, "resources/unsubscribe"u8, uri, timeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (PeregrineException)
        {
            // The conversation is over.
        }
    }

    private static ValueTask<McpReply> SendAsync(Conversation conversation, ReadOnlySpan<byte> method, string uri, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var parameters = new PooledByteWriter(64 + uri.Length);
        parameters.Write("{\"uri\":"u8);
        JsonStringWriter.WriteString(parameters, uri);
        parameters.WriteByte((byte)'}');
        return conversation.Connection.SendRequestAsync(method, parameters.WrittenSpan, new SendOptions { Timeout = timeout }, cancellationToken);
    }
}
