using Peregrine.Protocol.Buffers;

namespace Peregrine.Load.Driving;

/// <summary>One who makes calls one after another. State of one worker.</summary>
internal sealed class User(int index, int number) : IDisposable
{
    /// <summary>Its place in its worker.</summary>
    internal int Index { get; } = index;

    /// <summary>Its number among the users of all workers.</summary>
    internal int Number { get; } = number;

    internal UserStep Step { get; set; }

    /// <summary>The connection of its own, where it has one.</summary>
    internal Channel? Channel { get; set; }

    /// <summary>The header line of its own session; empty where it has none.</summary>
    internal byte[] Session { get; set; } = [];

    /// <summary>True once the session or process of its own was opened.</summary>
    internal bool IsOpened { get; set; }

    /// <summary>Which operation it calls.</summary>
    internal int Plan { get; set; }

    /// <summary>The id of what it awaits.</summary>
    internal int Id { get; set; }

    /// <summary>How many ids it has used.</summary>
    internal int Round { get; set; }

    /// <summary>When the call was due.</summary>
    internal long Due { get; set; }

    /// <summary>When the request was sent.</summary>
    internal long SentAt { get; set; }

    /// <summary>When the opening began.</summary>
    internal long OpeningAt { get; set; }

    /// <summary>Calls that are left of the iteration.</summary>
    internal int CallsLeft { get; set; }

    /// <summary>Calls made of the iteration.</summary>
    internal int CallsMade { get; set; }

    /// <summary>What the reply must contain, where that was generated.</summary>
    internal PooledByteWriter Expected { get; } = new(64);

    public void Dispose()
    {
        Channel?.Dispose();
        Expected.Dispose();
    }
}
