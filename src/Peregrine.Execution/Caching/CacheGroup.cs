namespace Peregrine.Execution.Caching;

/// <summary>What is cached under common rules: the results of one tool or resource. Immutable. A tool that takes another's place has a group of its own, so that it never meets the other's results.</summary>
public sealed class CacheGroup
{
    private static int s_number;

    /// <summary>Makes a group.</summary>
    /// <param name="name">What is asked: the tool's name or the resource's URI.</param>
    /// <param name="timeToLive">How long a result may be served. More than zero.</param>
    /// <param name="staleIfError">For how long after that it may be served where no new one can be had. Zero or more.</param>
    public CacheGroup(string name, TimeSpan timeToLive, TimeSpan staleIfError = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(staleIfError, TimeSpan.Zero);
        Name = name;
        TimeToLive = timeToLive;
        StaleIfError = staleIfError;
        Number = Interlocked.Increment(ref s_number);
    }

    /// <summary>What is asked.</summary>
    public string Name { get; }

    /// <summary>How long a result may be served.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>For how long after that it may be served where no new one can be had.</summary>
    public TimeSpan StaleIfError { get; }

    internal int Number { get; }
}
