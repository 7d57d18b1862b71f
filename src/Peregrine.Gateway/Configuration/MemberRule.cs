namespace Peregrine.Gateway.Configuration;

/// <summary>A member that a configuration file may have: what the reader checks and what the JSON schema for editors says.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Kind">What its value must be.</param>
/// <param name="Description">What it does, with its default.</param>
internal sealed record MemberRule(string Name, MemberKind Kind, string Description)
{
    /// <summary>For numbers: the least value allowed.</summary>
    internal double Minimum { get; init; }

    /// <summary>For numbers: whether the least value itself is forbidden.</summary>
    internal bool AboveMinimum { get; init; }

    /// <summary>For numbers: the greatest value allowed.</summary>
    internal double Maximum { get; init; } = int.MaxValue;

    /// <summary>For text: the values allowed; null for any.</summary>
    internal string[]? Allowed { get; init; }

    /// <summary>For text: a pattern, in the schema only; the reader checks it in words.</summary>
    internal string? Pattern { get; init; }

    /// <summary>For objects with members of known names: the definition in the schema that describes it.</summary>
    internal string? Definition { get; init; }

    /// <summary>For objects whose members have free names: the definition in the schema that describes each of them.</summary>
    internal string? ItemDefinition { get; init; }

    /// <summary>True where the value may hold a secret: then no message quotes it.</summary>
    internal bool IsSecret { get; init; }

    /// <summary>What is allowed, for a sentence.</summary>
    internal string Describe() => Kind switch
    {
        MemberKind.Text when Allowed is not null => "one of " + string.Join(", ", Allowed.Select(static value => $"\"{value}\"")),
        MemberKind.Text => "a string",
        MemberKind.Integer => $"an integer from {Minimum:0} to {Maximum:0}",
        MemberKind.Number => $"a number {(AboveMinimum ? "above" : "from")} {Minimum:0.###} {(AboveMinimum ? "and up " : "")}to {Maximum:0.###}",
        MemberKind.Boolean => "true or false",
        MemberKind.TextList => "an array of strings",
        MemberKind.TextMap => "an object of strings",
        _ => "an object",
    };
}
