namespace Peregrine.Server.Scheduling;

/// <summary>How long calls may take.</summary>
/// <param name="Timeout">Without progress; null for any time.</param>
/// <param name="Cap">At most.</param>
/// <param name="Clock">Where time comes from.</param>
internal sealed record CallTime(TimeSpan? Timeout, TimeSpan Cap, TimeProvider Clock);
