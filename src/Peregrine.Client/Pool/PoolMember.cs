namespace Peregrine.Client.Pool;

/// <summary>One server of a pool, and how a client of it is made.</summary>
public sealed class PoolMember
{
    private readonly Func<PeregrineClientOptions, CancellationToken, ValueTask<PeregrineClient>> _connect;

    /// <summary>Describes a server.</summary>
    /// <param name="name">Names it in reports, and for consistent hashing: the same name has the same keys everywhere. Unique in its pool.</param>
    /// <param name="connect">Connects with the options given, changed as needed; the pool owns the client. Called again until it succeeds.</param>
    public PoolMember(string name, Func<PeregrineClientOptions, CancellationToken, ValueTask<PeregrineClient>> connect)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(connect);
        Name = name;
        _connect = connect;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How many requests it gets in proportion to the others. 1 to 1,000,000; default 1. Round robin takes no notice of it.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>A server over Streamable HTTP, named by its URL.</summary>
    /// <param name="endpoint">Its MCP endpoint.</param>
    public static PoolMember Http(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new PoolMember(endpoint.AbsoluteUri, (options, cancellationToken) => PeregrineClient.ConnectAsync(endpoint, options, cancellationToken));
    }

    /// <summary>A child process; it is started again where it ends.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="command">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static PoolMember Stdio(string name, string command, IReadOnlyList<string>? arguments = null) =>
        new(name, (options, cancellationToken) => PeregrineClient.ConnectStdioAsync(command, arguments, options, cancellationToken));

    internal ValueTask<PeregrineClient> ConnectAsync(PeregrineClientOptions options, CancellationToken cancellationToken) => _connect(options, cancellationToken);
}
