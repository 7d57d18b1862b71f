using Peregrine.Cli.Targets;
using Peregrine.Client;
using Peregrine.Transport.Connections;

namespace Peregrine.Cli.Calling;

/// <summary>Connects to a target, talks, and turns what goes wrong into messages and exit codes.</summary>
internal static class Conversation
{
    internal static async Task<int> RunAsync(Target target, TargetOptions options, Func<PeregrineClient, Task<int>> talk, CancellationToken cancellationToken)
    {
        PeregrineClient client;
        try
        {
            client = await target.ConnectAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (PeregrineException exception)
        {
            await Console.Error.WriteLineAsync(TerminalText.ForError($"peregrine: cannot reach {target.Name}: {exception.Message}")).ConfigureAwait(false);
            return ExitCodes.NotReached;
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"peregrine: {exception.Message}").ConfigureAwait(false);
            return ExitCodes.BadUsage;
        }

        await using (client.ConfigureAwait(false))
        {
            try
            {
                return await talk(client).ConfigureAwait(false);
            }
            catch (McpPeerException exception)
            {
                await Console.Error.WriteLineAsync(TerminalText.ForError($"peregrine: {target.Name} answered with error {exception.Code}: {exception.Message}")).ConfigureAwait(false);
                return ExitCodes.Failed;
            }
            catch (PeregrineException exception)
            {
                await Console.Error.WriteLineAsync(TerminalText.ForError($"peregrine: {target.Name}: {exception.Message}")).ConfigureAwait(false);
                return ExitCodes.NotReached;
            }
        }
    }
}
