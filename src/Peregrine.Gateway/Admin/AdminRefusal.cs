namespace Peregrine.Gateway.Admin;

/// <summary>Why a request was refused. Immutable.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Sentence">What is wrong and what to do.</param>
internal readonly record struct AdminRefusal(int Status, string Sentence);
