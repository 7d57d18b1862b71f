namespace Peregrine.Gateway.Catalog;

/// <summary>A server whose own answer is not in the lists. Immutable.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Reason">Why, for clients: words of the gateway's own.</param>
internal sealed record MissingServer(string Server, string Reason);
