namespace Peregrine.Server.Tools;

/// <summary>How far a call is, for a parameter of type <see cref="IProgress{T}"/>.</summary>
/// <param name="Progress">Must grow from report to report.</param>
/// <param name="Total">What progress will be at the end, where known.</param>
/// <param name="Message">What is being done, for people (2025-03-26 and later).</param>
public readonly record struct McpProgress(double Progress, double? Total = null, string? Message = null);
