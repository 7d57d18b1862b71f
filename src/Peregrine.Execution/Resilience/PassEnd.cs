namespace Peregrine.Execution.Resilience;

/// <summary>How a call through an <see cref="AdaptiveGate"/> ended.</summary>
internal enum PassEnd
{
    /// <summary>With an answer: how long it took counts.</summary>
    Answered,

    /// <summary>The other side refused it for want of room, or did not answer in time.</summary>
    Overloaded,

    /// <summary>In a way that says nothing about the other side's load.</summary>
    Ignored,
}
