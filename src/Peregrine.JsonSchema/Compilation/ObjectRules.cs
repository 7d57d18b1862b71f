using Peregrine.JsonSchema.Patterns;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>What objects must fulfil. Names that only matter by being there are in the same table as those with schemas, so that one look-up serves both.</summary>
internal sealed class ObjectRules
{
    public long MinProperties { get; set; }

    public long MaxProperties { get; set; } = long.MaxValue;

    /// <summary>Names that the schema mentions, or null.</summary>
    public NameTable? Names { get; set; }

    /// <summary>For each name of the table its schema, or null.</summary>
    public SchemaEdge?[] Properties { get; set; } = [];

    /// <summary>Indexes of the names that must be there.</summary>
    public int[] Required { get; set; } = [];

    /// <summary>The same as bits, where the table has at most 64 names.</summary>
    public ulong RequiredBits { get; set; }

    public PatternProperty[] Patterns { get; set; } = [];

    public SchemaEdge? Additional { get; set; }

    public SchemaEdge? PropertyNames { get; set; }

    public Dependency[] Dependencies { get; set; } = [];

    /// <summary>Whether presence of names matters at all.</summary>
    public bool TracksPresence => Required.Length > 0 || Dependencies.Length > 0;

    /// <summary>A pattern for names and the schema of their values.</summary>
    internal readonly record struct PatternProperty(EcmaPattern Pattern, SchemaEdge Edge);

    /// <summary>What must hold where a name is there: other names, or a schema for the whole object.</summary>
    internal readonly record struct Dependency(string Keyword, int Name, int[] Required, SchemaEdge? Schema);
}
