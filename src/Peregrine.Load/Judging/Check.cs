namespace Peregrine.Load.Judging;

/// <summary>One thing that was checked.</summary>
/// <param name="Name">What.</param>
/// <param name="Verdict">What was found.</param>
/// <param name="Detail">The figures behind it, in words.</param>
public sealed record Check(string Name, Verdict Verdict, string Detail);
