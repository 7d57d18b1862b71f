using System.Text;
using Peregrine.Cli.Calling;
using Peregrine.Cli.Targets;
using Peregrine.Client;
using Peregrine.Client.Prompts;
using Peregrine.Transport.Connections;
using Spectre.Console;

namespace Peregrine.Cli.Reading;

/// <summary>`peregrine prompt`: a prompt, filled in.</summary>
internal static class GetPrompt
{
    internal static Task<int> RunAsync(
        Target target, TargetOptions options, string name, IReadOnlyList<KeyValuePair<string, string>> pairs, bool json, CancellationToken cancellationToken) =>
        Conversation.RunAsync(target, options, async client =>
        {
            Dictionary<string, string> arguments = new(StringComparer.Ordinal);
            foreach (var (key, value) in pairs)
            {
                arguments[key] = value;
            }

            if (pairs.Count > 0 && await FindAsync(client, name, cancellationToken).ConfigureAwait(false) is { } known)
            {
                var (refusal, remark) = Judge(known, arguments);
                if (refusal.Length > 0)
                {
                    return await CommandLine.RefuseAsync(TerminalText.ForError($"{name}: {refusal}")).ConfigureAwait(false);
                }

                if (remark.Length > 0)
                {
                    await Console.Error.WriteLineAsync(TerminalText.ForError($"peregrine: {name}: {remark}")).ConfigureAwait(false);
                }
            }

            using var prompt = await client.GetPromptAsync(name, arguments, options: null, cancellationToken).ConfigureAwait(false);
            if (json)
            {
                await Console.Out.WriteLineAsync(TerminalText.ForOutput(Encoding.UTF8.GetString(prompt.Raw.Span))).ConfigureAwait(false);
                return ExitCodes.Fine;
            }

            foreach (var message in prompt.Messages)
            {
                var text = ContentText.Describe(message.Content);
                if (Console.IsOutputRedirected)
                {
                    await Console.Out.WriteLineAsync($"{message.Role}: {text}").ConfigureAwait(false);
                }
                else
                {
                    AnsiConsole.MarkupLine($"[bold aqua]{Escape(message.Role)}:[/] {Escape(text)}");
                }
            }

            return ExitCodes.Fine;
        }, cancellationToken);

    // A server may have prompts that it does not list: it will say itself what it thinks of them.
    private static async Task<RemotePrompt?> FindAsync(PeregrineClient client, string name, CancellationToken cancellationToken)
    {
        try
        {
            var prompts = await client.ListPromptsAsync(cancellationToken).ConfigureAwait(false);
            return prompts.FirstOrDefault(one => one.Name == name);
        }
        catch (McpPeerException)
        {
            return null;
        }
    }

    private static (string Refusal, string Remark) Judge(RemotePrompt prompt, Dictionary<string, string> given)
    {
        var names = new ArgumentNames();
        string[] known = [.. prompt.Arguments.Select(static argument => argument.Name)];
        foreach (var name in given.Keys.Except(known))
        {
            names.NoteUnknown(name, name, known, isRefused: false);
        }

        return (names.Refusal(prompt.Arguments.Where(static argument => argument.IsRequired).Select(static argument => argument.Name), given.Keys), names.Remark);
    }

    private static string Escape(string text) => Markup.Escape(TerminalText.Show(text));
}
