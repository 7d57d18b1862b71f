namespace Peregrine.Bench.Peers.Targets;

/// <summary>What a target is to the comparison.</summary>
internal enum TargetRole
{
    /// <summary>The server under test.</summary>
    Ours,

    /// <summary>A bare program: the better of a row's two is its floor.</summary>
    Floor,

    /// <summary>The official C# SDK.</summary>
    Official,

    /// <summary>Shown beside the others; no budget refers to it.</summary>
    Other,

    /// <summary>A forwarder made of the framework's own parts, beside a gateway.</summary>
    Forwarder,

    /// <summary>nginx, beside a gateway.</summary>
    Nginx,

    /// <summary>The server behind a gateway, called past it.</summary>
    Direct,
}
