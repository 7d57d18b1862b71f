namespace Peregrine.Client.Subscriptions;

/// <summary>Something has changed at the server.</summary>
/// <param name="Kind">What.</param>
/// <param name="Uri">Which resource; null where it is about none.</param>
public readonly record struct ServerChange(ServerChangeKind Kind, string? Uri);
