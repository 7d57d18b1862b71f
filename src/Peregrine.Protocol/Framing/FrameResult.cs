namespace Peregrine.Protocol.Framing;

/// <summary>What <see cref="LineFramer.TryRead"/> found.</summary>
public enum FrameResult : byte
{
    /// <summary>No whole line yet: receive more bytes.</summary>
    NeedMore,

    /// <summary>A whole line.</summary>
    Line,

    /// <summary>A line over the limit ended or began: it is skipped, and reported once.</summary>
    Oversized,
}
