using System.Runtime.CompilerServices;
using Peregrine.Client;
using Peregrine.Client.Contracts;

namespace Peregrine.Testing.Contracts;

/// <summary>What a server offers, as a text that can be committed and reviewed: tools with their schemas, by name, members in a fixed order.</summary>
public sealed class Contract
{
    private readonly PeregrineClient _client;

    internal Contract(PeregrineClient client) => _client = client;

    /// <summary>The contract as JSON, indented, ending in a line feed.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> ReadAsync(CancellationToken cancellationToken = default)
    {
        var contract = await ServerContract.PullAsync(_client, cancellationToken).ConfigureAwait(false);
        return contract.ToText();
    }

    /// <summary>
    /// Compares the contract with a committed file. Where the environment variable <c>UPDATE_CONTRACTS</c> is 1, or the file does not exist and <c>CI</c> is not true, the file is written instead.
    /// </summary>
    /// <param name="path">The file. A relative path, such as <c>weather.mcp.json</c>, begins beside the test's source file; where that is not on this machine, in the current folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="testFile">The test's source file; given by the compiler.</param>
    /// <exception cref="McpTestException">They differ; the message shows the first difference, and what each change means for callers.</exception>
    public async Task VerifyAsync(string path, CancellationToken cancellationToken = default, [CallerFilePath] string testFile = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Path.IsPathRooted(path) && Path.GetDirectoryName(testFile) is { Length: > 0 } folder && Path.Exists(folder))
        {
            path = Path.Combine(folder, path);
        }

        var found = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var isNew = !Path.Exists(path) && Environment.GetEnvironmentVariable("CI") != "true";
        if (isNew || Environment.GetEnvironmentVariable("UPDATE_CONTRACTS") == "1")
        {
            await ContractFile.WriteAsync(path, found, cancellationToken).ConfigureAwait(false);
            return;
        }

        var wanted = Path.Exists(path)
            ? await ContractFile.ReadAsync(path, cancellationToken).ConfigureAwait(false)
            : throw new McpTestException($"{path} does not exist. Run the test with UPDATE_CONTRACTS=1, and commit the file.");
        if (ContractDifference.Describe(wanted, found) is { } difference)
        {
            throw new McpTestException($"The contract is not the one in {path}. {difference}{ContractDifference.Judge(wanted, found)} If the change is meant, run the test with UPDATE_CONTRACTS=1, and commit the file.");
        }
    }
}
