namespace Peregrine.JsonSchema.Compilation;

/// <summary><c>const</c> and <c>enum</c>: tokens in the schema's own text.</summary>
internal sealed class ValueRules
{
    /// <summary>Token of the value of <c>const</c>; -1 without.</summary>
    public int Const { get; set; } = -1;

    /// <summary>Tokens of the values of <c>enum</c>.</summary>
    public int[]? Enum { get; set; }

    /// <summary>The values of <c>enum</c> where all are strings: looked up like property names.</summary>
    public NameTable? EnumStrings { get; set; }
}
