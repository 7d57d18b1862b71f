using System.Collections.Concurrent;
using Peregrine.Client.Pipeline;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Caching;

/// <summary>
/// The step that answers from the cache. Of several requests that ask the same at once, one is sent and all take its answer, where the server allows to keep it; where not, each is sent by itself,
/// for an answer that may not be kept may not be older than its request. Thread-safe.
/// </summary>
internal sealed class CacheStep(RequestPipeline next, ResponseCache cache, string context) : RequestPipeline
{
    private readonly ConcurrentDictionary<CacheKey, Flight> _flights = new();

    // Methods whose last answer could not be kept: nobody waits for such an answer of somebody else.
    private readonly bool[] _unkept = new bool[256];

    internal override ValueTask<McpReply> SendAsync(ClientRequest request, CancellationToken cancellationToken) =>
        ResponseCache.Covers(request.Method) && request.Meta.IsEmpty && request.OnProgress is null
            ? FindOrSendAsync(request, cancellationToken)
            : next.SendAsync(request, cancellationToken);

    private async ValueTask<McpReply> FindOrSendAsync(ClientRequest request, CancellationToken cancellationToken)
    {
        byte[] parameters = [.. request.Head.Span, .. request.Arguments.Span, .. request.Tail.Span];
        while (true)
        {
            if (cache.TryFind(request.Method, parameters, context, out var message, out var epoch))
            {
                return McpReply.FromMessage(message);
            }

            var flight = new Flight(epoch);
            var key = new CacheKey(request.Method, parameters, context);
            var first = _unkept[(byte)request.Method] ? flight : _flights.GetOrAdd(key, flight);
            if (ReferenceEquals(first, flight))
            {
                return await SendAsync(request, key, flight, cancellationToken).ConfigureAwait(false);
            }

            // One that began before a change was told would give what was before it.
            if (first.Epoch == epoch && await first.Answer.WaitAsync(cancellationToken).ConfigureAwait(false) is { } answer)
            {
                cache.NoteJoined();
                return McpReply.FromMessage(answer);
            }

            if (first.Epoch != epoch || _unkept[(byte)request.Method])
            {
                return await SendAsync(request, key, flight, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<McpReply> SendAsync(ClientRequest request, CacheKey key, Flight flight, CancellationToken cancellationToken)
    {
        byte[]? kept = null;
        try
        {
            var reply = await next.SendAsync(request, cancellationToken).ConfigureAwait(false);
            kept = cache.Store(request.Method, key.Parameters, context, flight.Epoch, reply);
            _unkept[(byte)request.Method] = kept is null && !reply.IsError;
            return reply;
        }
        finally
        {
            _flights.TryRemove(new KeyValuePair<CacheKey, Flight>(key, flight));
            flight.End(kept);
        }
    }

    private sealed class Flight(long epoch)
    {
        private readonly TaskCompletionSource<byte[]?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal long Epoch { get; } = epoch;

        /// <summary>The answer, where it could be kept.</summary>
        internal Task<byte[]?> Answer => _answer.Task;

        internal void End(byte[]? kept) => _answer.TrySetResult(kept);
    }
}
