using System.Text;
using Peregrine.Client;
using Peregrine.Testing.Contracts;
using Peregrine.Testing.Links;

namespace Peregrine.Testing;

/// <summary>A client of a server that is tested as it is. Thread-safe.</summary>
public sealed class McpTestClient : IAsyncDisposable
{
    private readonly Func<Task>? _ended;

    internal McpTestClient(PeregrineClient client, LossyLink? link, Func<Task>? ended)
    {
        Client = client;
        Link = link;
        Contract = new Contract(client);
        _ended = ended;
    }

    /// <summary>The client, connected.</summary>
    public PeregrineClient Client { get; }

    /// <summary>What the server offers, to be compared with a committed file.</summary>
    public Contract Contract { get; }

    /// <summary>The link between the two; null over HTTP.</summary>
    public LossyLink? Link { get; }

    /// <summary>Calls a tool, and gives the text of its answer.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">Its arguments: a JSON object.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <exception cref="McpTestException">The tool failed; the message is what it said.</exception>
    public async Task<string> CallTextAsync(string tool, string arguments = "{}", CancellationToken cancellationToken = default)
    {
        using var result = await Client.CallToolAsync(tool, Encoding.UTF8.GetBytes(arguments), progress: null, cancellationToken).ConfigureAwait(false);
        return result.IsError ? throw new McpTestException($"The tool \"{tool}\" failed: {result.GetText()}") : result.GetText();
    }

    /// <summary>Closes the connection, and waits until a server in memory has let go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().ConfigureAwait(false);
        Link?.Resume();
        if (_ended is not null)
        {
            await _ended().ConfigureAwait(false);
        }
    }
}
