using System.Buffers.Text;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Server.Clients;

/// <summary>
/// The requests of a server that one client has not answered yet (session era: <c>elicitation/create</c>, <c>sampling/createMessage</c>, <c>roots/list</c>, <c>ping</c>). Thread-safe.
/// </summary>
internal sealed class PendingServerRequests
{
    /// <summary>More unanswered requests than this are refused: a client that never answers must not fill the memory.</summary>
    internal const int MaxPending = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource<ServerRequestAnswer>> _pending = [];
    private long _lastId;
    private bool _closed;

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Takes note of a request that is about to be sent.</summary>
    /// <param name="answer">Ends with the answer; is cancelled when the session ends or the request is abandoned.</param>
    /// <returns>The request's id, or 0 where too many are pending or the session has ended.</returns>
    internal long Begin(out Task<ServerRequestAnswer> answer)
    {
        var source = new TaskCompletionSource<ServerRequestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        answer = source.Task;
        lock (_gate)
        {
            if (_closed || _pending.Count >= MaxPending)
            {
                return 0;
            }

            var id = ++_lastId;
            _pending.Add(id, source);
            return id;
        }
    }

    /// <summary>Takes an answer from the client. An id that nobody waits for is passed over: the request may have been abandoned.</summary>
    /// <returns>True where somebody waited for it.</returns>
    internal bool TryComplete(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        if (!Utf8Parser.TryParse(envelope.Id.Of(message), out long id, out var consumed) || consumed != envelope.Id.Of(message).Length || Take(id) is not { } source)
        {
            return false;
        }

        var isError = envelope.Kind == MessageKind.Error;
        return source.TrySetResult(new ServerRequestAnswer(isError, (isError ? envelope.Error : envelope.Result).Of(message).ToArray()));
    }

    /// <summary>Nobody waits for the answer any more.</summary>
    internal void Abandon(long id) => Take(id)?.TrySetCanceled();

    /// <summary>The session has ended: whoever waits is told, and nobody will wait again.</summary>
    internal void Close()
    {
        TaskCompletionSource<ServerRequestAnswer>[] waiting;
        lock (_gate)
        {
            _closed = true;
            waiting = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (var source in waiting)
        {
            source.TrySetCanceled();
        }
    }

    private TaskCompletionSource<ServerRequestAnswer>? Take(long id)
    {
        lock (_gate)
        {
            return _pending.Remove(id, out var source) ? source : null;
        }
    }
}
