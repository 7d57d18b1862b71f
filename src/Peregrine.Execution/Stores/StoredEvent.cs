namespace Peregrine.Execution.Stores;

/// <summary>An event as it is stored.</summary>
/// <param name="Number">Its number in its stream: each one more than that of the event before it.</param>
/// <param name="Value">Its bytes. They do not change and may be kept.</param>
public readonly record struct StoredEvent(long Number, ReadOnlyMemory<byte> Value);
