namespace Peregrine.Execution.Caching;

/// <summary>What became of a fill.</summary>
/// <param name="Result">The bytes for all who waited; null where each has to ask by itself, for what was made is for one alone.</param>
/// <param name="IsStored">True where the result may be served as long as <see cref="Left"/> says.</param>
/// <param name="IsStale">True where it is an old result, served because no new one could be had.</param>
/// <param name="Left">How long it is good; zero for what was not stored.</param>
/// <param name="Code">What the maker said of it, for those who waited.</param>
public readonly record struct FillOutcome(byte[]? Result, bool IsStored, bool IsStale, TimeSpan Left, int Code);
