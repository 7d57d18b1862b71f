using Peregrine.Server.Duplex;
using Peregrine.Transport.Stdio;

namespace Peregrine.Server.Stdio;

/// <summary>Runs servers on standard input and output.</summary>
public static class StdioServerExtensions
{
    /// <summary>
    /// Builds the server and serves it on standard input and output until the input ends, the process is asked to end (SIGTERM, SIGINT) or the token fires. From the call on,
    /// standard output belongs to the protocol: what tools print goes to standard error.
    /// </summary>
    /// <param name="builder">Describes the server.</param>
    /// <param name="options">Limits of the connection; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the server.</param>
    public static Task RunStdioAsync(this PeregrineServerBuilder builder, DuplexOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var channel = StandardStreams.Take();
        return RunAsync(builder.Build(), channel, options ?? DuplexOptions.Default, cancellationToken);
    }

    /// <inheritdoc cref="RunStdioAsync(PeregrineServerBuilder, DuplexOptions?, CancellationToken)" path="/summary"/>
    /// <param name="server">The server.</param>
    /// <param name="options">Limits of the connection; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the server.</param>
    public static Task RunStdioAsync(this PeregrineServer server, DuplexOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        return RunAsync(server, StandardStreams.Take(), options ?? DuplexOptions.Default, cancellationToken);
    }

    private static Task RunAsync(PeregrineServer server, BlockingChannel channel, DuplexOptions options, CancellationToken cancellationToken) =>
        new StdioRun(server, channel, options).RunAsync(cancellationToken);
}
