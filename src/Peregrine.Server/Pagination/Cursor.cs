namespace Peregrine.Server.Pagination;

/// <summary>A place between two items of a list.</summary>
/// <param name="List">The list.</param>
/// <param name="Position">How many items lie before it.</param>
/// <param name="Fingerprint">What the list was when the cursor was given: a digest of its names in order.</param>
/// <param name="Anchor">The item before it: a digest of its name. Finds the place again where the list has changed since.</param>
internal readonly record struct Cursor(ListKind List, int Position, ulong Fingerprint, ulong Anchor);
