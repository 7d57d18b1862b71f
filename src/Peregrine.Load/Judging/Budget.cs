using Peregrine.Load.Results;

namespace Peregrine.Load.Judging;

/// <summary>What a result must keep to.</summary>
public sealed record Budget
{
    /// <summary>What to call it.</summary>
    public required string Name { get; init; }

    /// <summary>The figure.</summary>
    public required Metric Metric { get; init; }

    /// <summary>Of which operation; null for all.</summary>
    public string? Operation { get; init; }

    /// <summary>The most, in the metric's unit; null for no bound.</summary>
    public double? AtMost { get; init; }

    /// <summary>The least, in the metric's unit; null for no bound.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Where the figure comes from; null where nothing is said.</summary>
    public string? Source { get; init; }

    /// <summary>Holds a result against it. What was not measured is over: a budget that nobody checks keeps nothing.</summary>
    public Check Judge(LoadResult result)
    {
        var limit = AtMost is { } most ? $"at most {Metric.Write(most)}" : $"at least {Metric.Write(AtLeast ?? 0)}";
        if (AtMost is not null && AtLeast is { } least)
        {
            limit += $", at least {Metric.Write(least)}";
        }

        if (Metric.Read(result, Operation) is not { } value)
        {
            return new Check(Name, Verdict.Over, $"not measured{(Operation is null ? "" : $", or there is no operation \"{Operation}\"")}; {limit} is wanted");
        }

        var isFine = !(value > AtMost) && !(value < AtLeast);
        return new Check(Name, isFine ? Verdict.Ok : Verdict.Over, $"{Metric.Write(value)}, {limit}{(Source is null ? "" : $" ({Source})")}");
    }
}
