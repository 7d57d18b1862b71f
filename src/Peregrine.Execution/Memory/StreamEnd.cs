namespace Peregrine.Execution.Memory;

/// <summary>Why a stream was ended.</summary>
public enum StreamEnd
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>It was the largest when there was no memory left.</summary>
    Largest,

    /// <summary>Its reader took nothing for too long.</summary>
    Abandoned,
}
