using Peregrine.Protocol.Buffers;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Subscriptions;

/// <summary>
/// Somebody who is told of changes: a listen stream of the stateless era, or a session of the other. What it has yet to be sent is a set, not a queue: a thing that
/// changes again while its reader is behind is sent once. Everything here is guarded by the hub's lock, but for what is written and sent, which one worker at a time does.
/// </summary>
internal abstract class Listener
{
    /// <summary>True for a listen stream, which counts towards the bound on streams; false for a session.</summary>
    internal abstract bool IsStream { get; }

    /// <summary>True where messages may be handed over now. Asked under the hub's lock.</summary>
    internal virtual bool CanSend => true;

    /// <summary>True where many messages may be sent as one piece.</summary>
    internal virtual bool TakesMany => false;

    /// <summary>True where silence must be broken now and then.</summary>
    internal virtual bool WantsKeepAlive => false;

    /// <summary>What is sent at the end.</summary>
    internal virtual PendingEvents Ending => PendingEvents.End;

    /// <summary>Which lists it wants to hear of.</summary>
    internal RegistryChange Lists { get; set; }

    /// <summary>What it has yet to be sent.</summary>
    internal PendingEvents Pending { get; set; }

    internal UriSubscription? FirstPending { get; set; }

    internal UriSubscription? LastPending { get; set; }

    /// <summary>The chain of its subscriptions.</summary>
    internal UriSubscription? Subscriptions { get; set; }

    internal int SubscriptionCount { get; set; }

    /// <summary>The place among the hub's listeners; -1 where it is not among them.</summary>
    internal int Index { get; set; } = -1;

    internal Listener? NextReady { get; set; }

    /// <summary>True while it waits for a worker.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>True while a worker, or a flush that has not ended, has it: nobody else sends then.</summary>
    internal bool IsBusy { get; set; }

    /// <summary>True once it is among the hub's no more.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>True where messages could be handed over again while a worker had it.</summary>
    internal bool WasResumed { get; set; }

    /// <summary>True where something was sent since the last look of the keep-alive timer.</summary>
    internal bool HasSpoken { get; set; }

    internal bool HasPending => Pending != PendingEvents.None || FirstPending is not null;

    /// <summary>Writes one message, or what stands for one; <paramref name="what"/> has one flag.</summary>
    internal abstract void Write(PooledByteWriter writer, PendingEvents what);

    /// <summary>Writes that a resource was updated.</summary>
    internal abstract void WriteUpdated(PooledByteWriter writer, UriTopic topic);

    /// <summary>Hands messages over. Never blocks.</summary>
    /// <param name="messages">What was written; valid until the call returns.</param>
    internal abstract SendOutcome Send(ReadOnlyMemory<byte> messages);

    /// <summary>Called once, when it is closed and nobody sends any more; not under the lock.</summary>
    internal virtual void Finish()
    {
    }

    /// <summary>Cuts off a reader that does not read.</summary>
    internal virtual void Abort()
    {
    }
}
