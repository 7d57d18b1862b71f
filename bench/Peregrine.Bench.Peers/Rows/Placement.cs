namespace Peregrine.Bench.Peers.Rows;

/// <summary>Which processor serves and which one loads.</summary>
internal sealed class Placement(int[] allowed)
{
    public bool HasTwo => allowed.Length >= 2;

    /// <summary>Where servers run.</summary>
    public int[] Server { get; } = [allowed[0]];

    /// <summary>Where the load comes from; the server's own processor when there is no other.</summary>
    public int[] Load { get; } = [allowed[allowed.Length >= 2 ? 1 : 0]];

    /// <summary>Two processors, for the rows that give a server two.</summary>
    public int[] Both { get; } = allowed.Length >= 2 ? [allowed[0], allowed[1]] : [allowed[0]];

    public string Text => HasTwo
        ? FormattableString.Invariant($"servers on core {Server[0]}, load on core {Load[0]}")
        : FormattableString.Invariant($"only core {Server[0]} is allowed: servers and load share it");
}
