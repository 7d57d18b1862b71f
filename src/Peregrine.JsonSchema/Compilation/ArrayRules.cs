namespace Peregrine.JsonSchema.Compilation;

/// <summary>What arrays must fulfil.</summary>
internal sealed class ArrayRules
{
    public long MinItems { get; set; }

    public long MaxItems { get; set; } = long.MaxValue;

    public bool UniqueItems { get; set; }

    /// <summary>Schemas of the first items, by place.</summary>
    public SchemaEdge[] Prefix { get; set; } = [];

    /// <summary>The schema of the items behind the prefix.</summary>
    public SchemaEdge? Items { get; set; }

    public SchemaEdge? Contains { get; set; }

    public long MinContains { get; set; } = 1;

    public long MaxContains { get; set; } = long.MaxValue;

    /// <summary>Whether items that <c>contains</c> matched count as evaluated: from 2020-12 on.</summary>
    public bool ContainsEvaluates { get; set; }
}
