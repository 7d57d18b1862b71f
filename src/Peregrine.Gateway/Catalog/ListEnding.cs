namespace Peregrine.Gateway.Catalog;

/// <summary>What stands in a result behind the list, with the brace that closes it, for each era. Immutable.</summary>
/// <param name="Session">For clients of the session era.</param>
/// <param name="Stateless">For clients of the stateless era.</param>
internal sealed record ListEnding(byte[] Session, byte[] Stateless);
