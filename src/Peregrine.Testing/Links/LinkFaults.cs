using Peregrine.Testing.Peers;

namespace Peregrine.Testing.Links;

/// <summary>What a link between client and server does to messages. Immutable. The same seed and the same messages give the same faults.</summary>
public sealed record LinkFaults
{
    /// <summary>A link that delivers everything, once and in order.</summary>
    public static LinkFaults None { get; } = new();

    /// <summary>Where the choice of messages begins.</summary>
    public int Seed { get; init; }

    /// <summary>The share of messages that never arrive. 0 to 1.</summary>
    public double Drop { get; init; }

    /// <summary>The share of messages that arrive twice. 0 to 1.</summary>
    public double Duplicate { get; init; }

    /// <summary>The share of messages that change places with the next one: they wait for it. 0 to 1.</summary>
    public double Reorder { get; init; }

    /// <summary>The connection breaks in the middle of this message, counted over both directions from 1; null for never.</summary>
    public int? BreakIn { get; init; }

    /// <summary>What the server does, as a misbehaving peer, with each message that it sends; null: what it should. Called in order. Comes before the faults of the link.</summary>
    public Func<PeerMessage, PeerFault>? ServerMisbehaves { get; init; }

    /// <summary>What the client does, as a misbehaving peer, with each message that it sends; null: what it should. Called in order. Comes before the faults of the link.</summary>
    public Func<PeerMessage, PeerFault>? ClientMisbehaves { get; init; }

    /// <summary>True for messages that are to be spared, for instance <c>initialize</c>; null spares none.</summary>
    public Func<ReadOnlyMemory<byte>, bool>? Spare { get; init; }

    /// <summary>Every fault of these settings, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        foreach (var (name, share) in new[] { (nameof(Drop), Drop), (nameof(Duplicate), Duplicate), (nameof(Reorder), Reorder) })
        {
            if (share is not (>= 0 and <= 1))
            {
                faults.Add($"{name} is {share}; it must be from 0 to 1.");
            }
        }

        if (BreakIn < 1)
        {
            faults.Add($"{nameof(BreakIn)} is {BreakIn}; messages are counted from 1.");
        }

        return faults;
    }
}
