namespace Peregrine.Execution.Stores;

/// <summary>Some events of a stream.</summary>
/// <param name="Events">The events, in their order; empty where there are none yet.</param>
/// <param name="IsGap">True where events that were asked for are forgotten: these are not the next ones.</param>
public readonly record struct EventPage(IReadOnlyList<StoredEvent> Events, bool IsGap);
