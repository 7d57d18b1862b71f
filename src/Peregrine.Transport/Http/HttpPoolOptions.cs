namespace Peregrine.Transport.Http;

/// <summary>How the sockets to one server are kept.</summary>
public sealed record HttpPoolOptions
{
    /// <summary>
    /// The most sockets at once; more requests wait. Open event streams hold one each. 1 or more. Default 1,000. Without effect over HTTP/2, where one socket carries many requests.
    /// </summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>How long an unused socket is kept. More than zero. Default 90 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How old a socket may become, so that a changed address of the server is noticed. More than zero. Default 10 min.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a request may wait for a free socket; then it fails with <see cref="Connections.TransportFault.PoolExhausted"/>, and was not sent. More than zero. Default 30 s.
    /// </summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long making a socket may take, TLS included. More than zero. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether requests to endpoints in clear go over sockets of our own instead of the framework's handler, where <see cref="Direct.DirectRules"/> allow it: for who forwards so many that
    /// what the handler allocates for each matters. Default false.
    /// </summary>
    internal bool UsesOwnSockets { get; init; }

    /// <summary>
    /// For how long a request that <see cref="Connections.SendOptions.MayPoll"/> asks its own socket for the reply again and again before its thread waits. Zero (the default) for never. Pauses where replies
    /// take longer.
    /// </summary>
    internal TimeSpan ReplyPolling { get; init; }

    /// <summary>Adds what is wrong to <paramref name="faults"/>.</summary>
    internal void Validate(List<string> faults)
    {
        Require(faults, MaxConnections >= 1, "Pool.MaxConnections is less than 1.");
        Require(faults, IdleTimeout > TimeSpan.Zero, "Pool.IdleTimeout is not more than zero.");
        Require(faults, Lifetime > TimeSpan.Zero, "Pool.Lifetime is not more than zero.");
        Require(faults, WaitTimeout > TimeSpan.Zero, "Pool.WaitTimeout is not more than zero.");
        Require(faults, ConnectTimeout > TimeSpan.Zero, "Pool.ConnectTimeout is not more than zero.");
    }

    private static void Require(List<string> faults, bool holds, string otherwise)
    {
        if (!holds)
        {
            faults.Add(otherwise);
        }
    }
}
