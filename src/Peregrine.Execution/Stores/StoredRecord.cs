namespace Peregrine.Execution.Stores;

/// <summary>A record as it is stored.</summary>
/// <param name="Version">Its version, 1 or more; another with every write.</param>
/// <param name="Value">Its bytes. They do not change and may be kept.</param>
public readonly record struct StoredRecord(long Version, ReadOnlyMemory<byte> Value);
