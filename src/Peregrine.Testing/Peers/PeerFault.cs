namespace Peregrine.Testing.Peers;

/// <summary>What a misbehaving peer does with a message that it should have sent.</summary>
public enum PeerFault
{
    /// <summary>It sends it, as it should.</summary>
    None,

    /// <summary>It does not send it.</summary>
    Drop,

    /// <summary>It sends it twice: a reply is answered twice then.</summary>
    Twice,

    /// <summary>It sends it under an id that nobody has used.</summary>
    WrongId,

    /// <summary>It sends a line that is no JSON, and no UTF-8, ahead of it.</summary>
    Garbage,

    /// <summary>It sends half of it, and closes the connection.</summary>
    Truncate,

    /// <summary>It closes the connection instead.</summary>
    Reset,

    /// <summary>It sends half of it and then nothing any more, until <see cref="Links.LossyLink.Resume"/>.</summary>
    Stall,
}
