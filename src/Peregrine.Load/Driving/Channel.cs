using Peregrine.Load.Driving.Polling;

namespace Peregrine.Load.Driving;

/// <summary>A way to a server that never blocks: bytes go out as far as they can, replies are told to the owner. For one thread.</summary>
internal abstract class Channel(IChannelOwner owner, PollSet polls, int token) : IDisposable
{
    /// <summary>What names it in events.</summary>
    internal int Token { get; private set; } = token;

    /// <summary>False once it is closed or broken.</summary>
    internal bool IsOpen { get; private protected set; }

    /// <summary>The one user of a channel that carries one call at a time.</summary>
    internal User? User { get; set; }

    /// <summary>Bytes received.</summary>
    internal long BytesIn { get; private protected set; }

    /// <summary>Bytes sent.</summary>
    internal long BytesOut { get; private protected set; }

    /// <summary>Who is told.</summary>
    private protected IChannelOwner Owner { get; private set; } = owner;

    private protected PollSet Polls { get; private set; } = polls;

    /// <summary>Takes a request; it goes out with the next <see cref="Flush"/>.</summary>
    internal abstract void Send(ReadOnlySpan<byte> request);

    /// <summary>Sends as much as the system takes; the rest follows when there is room.</summary>
    internal abstract void Flush();

    /// <summary>Something can be read or written.</summary>
    internal abstract void OnReady(PollEvent ready);

    /// <summary>Gives the channel to another owner, with all that goes with it.</summary>
    internal void Move(IChannelOwner owner, PollSet polls, int token)
    {
        Leave();
        (Owner, Polls, Token) = (owner, polls, token);
        Join();
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    private protected abstract void Join();

    private protected abstract void Leave();
}
