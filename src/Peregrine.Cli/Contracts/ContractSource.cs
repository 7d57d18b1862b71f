using Peregrine.Cli.Calling;
using Peregrine.Cli.Targets;
using Peregrine.Client.Contracts;

namespace Peregrine.Cli.Contracts;

/// <summary>Where a contract comes from: a file or a server.</summary>
/// <param name="Name">How to name it to a person.</param>
/// <param name="Path">The file, or null.</param>
/// <param name="Target">The server, or null.</param>
internal sealed record ContractSource(string Name, string? Path, Target? Target)
{
    /// <summary>Reads the contract; what goes wrong is said on standard error.</summary>
    /// <returns>The contract, or null and the exit code.</returns>
    internal async Task<(ServerContract? Contract, int ExitCode)> ReadAsync(TargetOptions options, CancellationToken cancellationToken) => Target is { } target
        ? await PullAsync(target, options, cancellationToken).ConfigureAwait(false)
        : await ReadFileAsync(cancellationToken).ConfigureAwait(false);

    private async Task<(ServerContract? Contract, int ExitCode)> PullAsync(Target target, TargetOptions options, CancellationToken cancellationToken)
    {
        ServerContract? contract = null;
        var exitCode = await Conversation.RunAsync(target, options, async client =>
        {
            try
            {
                contract = await ServerContract.PullAsync(client, cancellationToken).ConfigureAwait(false);
                return ExitCodes.Fine;
            }
            catch (FormatException exception)
            {
                await Console.Error.WriteLineAsync($"peregrine: the contract of {Name} cannot be used. {exception.Message}").ConfigureAwait(false);
                return ExitCodes.NotReached;
            }
        }, cancellationToken).ConfigureAwait(false);

        // A server that answers with an error has no contract to judge, which is another thing than a broken one.
        return (contract, contract is null && exitCode == ExitCodes.Failed ? ExitCodes.NotReached : exitCode);
    }

    private async Task<(ServerContract? Contract, int ExitCode)> ReadFileAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (ServerContract.Parse(await File.ReadAllBytesAsync(Path!, cancellationToken).ConfigureAwait(false)), ExitCodes.Fine);
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"peregrine: {Name} cannot be read as a contract. {exception.Message}").ConfigureAwait(false);
            return (null, ExitCodes.BadUsage);
        }
    }
}
