using Peregrine.Server.Duplex;

namespace Peregrine.Server.AspNetCore.Legacy;

/// <summary>One client of HTTP+SSE: what it posts goes in, what is sent to it goes out on its stream. Thread-safe.</summary>
internal sealed class SseConnection(string id, string? owner, DuplexFront front, StreamOutput output)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Id => id;

    /// <summary>Who opened it, where callers are told apart.</summary>
    internal string? Owner => owner;

    /// <summary>Ends when the stream is to be closed.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Takes a message. It need not be kept after the call returns.</summary>
    /// <returns>False where the connection has ended.</returns>
    internal bool TryReceive(ReadOnlySpan<byte> message)
    {
        // Two requests may bring messages at once; the front knows one reader.
        lock (_gate)
        {
            if (_ended.Task.IsCompleted)
            {
                return false;
            }

            front.ReceiveOne(message);
            return true;
        }
    }

    internal void KeepAlive() => output.KeepAlive();

    internal void End() => _ended.TrySetResult();
}
