namespace Peregrine.Server.Pagination;

/// <summary>What all lists of a server have in common, whatever they hold. Immutable.</summary>
/// <param name="PageSize">Items of one page.</param>
/// <param name="StatelessSuffix">What results of the stateless era have behind the list: cache hints, result type, server.</param>
/// <param name="Seal">Writes and reads cursors.</param>
internal sealed record ListSettings(int PageSize, byte[] StatelessSuffix, CursorSeal Seal);
