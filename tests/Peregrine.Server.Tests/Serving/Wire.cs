namespace Peregrine.Server.Tests.Serving;

/// <summary>Which front a test's connection has: what holds for one must hold for the other.</summary>
public enum Wire
{
    /// <summary>A pair of streams, served without a thread of its own.</summary>
    Stream,

    /// <summary>A blocking channel, read by a thread of its own, as standard input is.</summary>
    Stdio,
}
