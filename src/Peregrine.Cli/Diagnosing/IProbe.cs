namespace Peregrine.Cli.Diagnosing;

/// <summary>Says single messages to a server, right or wrong ones, and gives what comes back. Knows no era and keeps to no rule: that is what it is for.</summary>
internal interface IProbe : IAsyncDisposable
{
    /// <summary>True over HTTP.</summary>
    bool IsHttp { get; }

    /// <summary>Sends a message as it is.</summary>
    /// <param name="body">The message; need not be JSON.</param>
    /// <param name="headers">HTTP headers; without effect on stdio.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What came within the probe's patience.</returns>
    Task<ProbeReply> SendAsync(string body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken);
}
