namespace Peregrine.Load.Workloads;

/// <summary>One kind of call in a workload.</summary>
public sealed record Operation
{
    /// <summary>What results call it; unique in its workload.</summary>
    public required string Name { get; init; }

    /// <summary>What it asks.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>
    /// The tool's or prompt's name, or the resource's URI. Null for kinds that have none; for a resource or a prompt null means the first that the server lists, and that the
    /// operation is left out where it lists none.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>
    /// The arguments as one JSON object, at any depth with generators: <c>{"$counter": {"from": 1}}</c>, <c>{"$integer": {"from": 1, "to": 6}}</c>,
    /// <c>{"$text": {"length": 32}}</c> or <c>{"$text": {"from": 16, "to": 1024}}</c>. Default: none.
    /// </summary>
    public string? Arguments { get; init; }

    /// <summary>How often it comes, beside the others: more than 0 and at most 1,000,000. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>A text that the result must contain; null for any.</summary>
    public string? ExpectedText { get; init; }

    /// <summary>The top-level argument whose value, a text, the result must contain; null for none.</summary>
    public string? ExpectedArgument { get; init; }
}
