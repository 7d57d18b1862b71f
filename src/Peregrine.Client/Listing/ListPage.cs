namespace Peregrine.Client.Listing;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">What the page holds, in the server's order.</param>
/// <param name="NextCursor">With what to ask for the next page; null where this is the last. An empty text is a cursor like any other.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? NextCursor);
