using Peregrine.Cli.Targets;
using Spectre.Console;

namespace Peregrine.Cli.Configuring;

/// <summary>`peregrine init`: enters a server into the file of a program that starts servers.</summary>
internal static class InitClient
{
    /// <param name="client">Whose file.</param>
    /// <param name="name">The server's name there.</param>
    /// <param name="target">The server.</param>
    /// <param name="file">Another file than the client's own, or null.</param>
    /// <param name="mode">Whether to ask, to write, or only to print.</param>
    /// <param name="replace">Whether an entry of that name may be replaced.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<int> TryRunAsync(ClientProgram client, string name, Target target, string? file, InitMode mode, bool replace, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(file ?? client.File);
        try
        {
            return await RunAsync(client, name, target, path, mode, replace, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"peregrine: {path}: {exception.Message}").ConfigureAwait(false);
            return ExitCodes.BadUsage;
        }
    }

    private static async Task<int> RunAsync(ClientProgram client, string name, Target target, string path, InitMode mode, bool replace, CancellationToken cancellationToken)
    {
        var before = await ClientFile.ReadAsync(path, cancellationToken).ConfigureAwait(false);

        // A project's file is read where the project is; the user's is read wherever the client happens to start.
        var entry = ServerEntry.Write(Path.IsPathRooted(client.File) ? target.FromAnywhere() : target, client);
        var after = ConfigFileEditor.Add(before, client.Member, name, entry, replace, out var error);
        if (after is null)
        {
            await Console.Error.WriteLineAsync($"peregrine: {path}: {error}").ConfigureAwait(false);
            return ExitCodes.BadUsage;
        }

        if (after == before)
        {
            await Console.Error.WriteLineAsync($"{path} has it already.").ConfigureAwait(false);
            return ExitCodes.Fine;
        }

        var isColored = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };
        await Console.Out.WriteLineAsync(LineDifference.Describe(path, before ?? "", after, isColored)).ConfigureAwait(false);
        if (mode == InitMode.Print || (mode == InitMode.Ask && !await ConfirmAsync(path).ConfigureAwait(false)))
        {
            await Console.Error.WriteLineAsync("Nothing was written.").ConfigureAwait(false);
            return ExitCodes.Fine;
        }

        await ClientFile.WriteAsync(path, after, cancellationToken).ConfigureAwait(false);
        await Console.Error.WriteLineAsync($"Written. {client.Label} reads it when it starts anew.").ConfigureAwait(false);
        return ExitCodes.Fine;
    }

    // Without somebody to ask, nothing is written.
    private static async Task<bool> ConfirmAsync(string path)
    {
        if (Console.IsInputRedirected)
        {
            await Console.Error.WriteLineAsync("Nobody is there to ask: give --yes to write the file.").ConfigureAwait(false);
            return false;
        }

        await Console.Error.WriteAsync($"Write this into {path}? [y/N] ").ConfigureAwait(false);
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
